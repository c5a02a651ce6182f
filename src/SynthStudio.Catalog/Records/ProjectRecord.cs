namespace SynthStudio.Catalog;

/// <summary>Holds data sets, generators and what is made of them; the border between tenants.</summary>
public sealed record ProjectRecord : IListedRecord, IDeletable
{
    /// <summary>Resource name, <c>projects/{project}</c>.</summary>
    public required string Name { get; init; }

    public string DisplayName { get; init; } = "";

    /// <summary>Name of the user that created it.</summary>
    public required string Creator { get; init; }

    public required DateTimeOffset CreateTime { get; init; }

    public required DateTimeOffset UpdateTime { get; init; }

    /// <summary>Grows with every change; the etag.</summary>
    public long Version { get; init; } = 1;

    public RetentionPolicy Retention { get; init; } = new();

    /// <summary>When it was deleted: nobody but its owners knows of it any more. Null while it lives.</summary>
    public DateTimeOffset? DeleteTime { get; init; }

    /// <summary>When it goes for good, with all that is in it.</summary>
    public DateTimeOffset? PurgeTime { get; init; }
}

/// <summary>A user's place in a project.</summary>
public sealed record ProjectMemberRecord
{
    public required string Project { get; init; }

    public required string User { get; init; }

    public required ProjectRole Role { get; init; }
}

/// <summary>What a member may do, each more than the one before; but auditors see what no viewer does, how the project is run.</summary>
public enum ProjectRole
{
    Auditor,
    Viewer,
    Editor,
    Owner,
}
