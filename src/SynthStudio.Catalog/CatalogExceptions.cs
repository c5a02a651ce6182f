namespace SynthStudio.Catalog;

/// <summary>A resource of this name exists already.</summary>
public sealed class AlreadyExistsException(string name, Exception? inner = null) : Exception($"{name} exists already.", inner)
{
    public string Name { get; } = name;
}

/// <summary>The resource changed since the caller read it: its etag is another now.</summary>
public sealed class VersionConflictException(string name, long expected)
    : Exception($"{name} has changed: version {expected} is not its newest. Read it again.")
{
    public string Name { get; } = name;
}

/// <summary>The project still holds resources.</summary>
public sealed class ProjectNotEmptyException(string name) : Exception($"{name} still holds data sets, generators or what is made of them.")
{
    public string Name { get; } = name;
}

/// <summary>A project must keep an owner.</summary>
public sealed class LastOwnerException(string name) : Exception($"{name} must keep at least one owner.")
{
    public string Name { get; } = name;
}

/// <summary>A user is locked out, or was erased: nothing new is theirs.</summary>
public sealed class UserLockedOutException(string name) : Exception($"{name} is locked out.")
{
    public string Name { get; } = name;
}

/// <summary>Who would do something that is for a project's owners is none, or not any more.</summary>
public sealed class NotOwnerException(string project, string user) : Exception($"{user} is no owner of {project} (any more).")
{
    public string Name { get; } = project;
}
