namespace SynthStudio.Catalog.Accounts;

/// <summary>A mail address that may become a member of a project. Who takes it up becomes one, and the record goes.</summary>
public sealed record InvitationRecord : IListedRecord
{
    /// <summary>Resource name, <c>projects/{project}/invitations/{invitation}</c>.</summary>
    public required string Name { get; init; }

    public required string Project { get; init; }

    /// <summary>The address as it was written.</summary>
    public required string Email { get; init; }

    /// <summary>By which it is found: one invitation to a project for each.</summary>
    public required string EmailKey { get; init; }

    public required ProjectRole Role { get; init; }

    /// <summary>Who sent it last. It is good while they own the project or are an administrator.</summary>
    public required string Inviter { get; init; }

    /// <summary>SHA-256 of what the newest mail brought.</summary>
    public required byte[] TokenHash { get; init; }

    public required DateTimeOffset CreateTime { get; init; }

    /// <summary>When the newest mail was sent.</summary>
    public required DateTimeOffset SendTime { get; init; }

    public required DateTimeOffset ExpireTime { get; init; }

    /// <summary>When whoever reads the address said no; null while they did not.</summary>
    public DateTimeOffset? DeclineTime { get; init; }
}
