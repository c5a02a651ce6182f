namespace SynthStudio.Catalog;

/// <summary>Someone, or some program, that calls the API.</summary>
public sealed record UserRecord : IListedRecord
{
    /// <summary>Resource name, <c>users/{user}</c>.</summary>
    public required string Name { get; init; }

    public string DisplayName { get; init; } = "";

    public required UserRole Role { get; init; }

    /// <summary>A disabled user is refused everywhere; what it owns stays.</summary>
    public bool Disabled { get; init; }

    public required DateTimeOffset CreateTime { get; init; }
}

/// <summary>What a user may do outside of projects.</summary>
public enum UserRole
{
    /// <summary>Creates projects and works in those it is a member of.</summary>
    User,

    /// <summary>Manages users and sees every project.</summary>
    Admin,
}
