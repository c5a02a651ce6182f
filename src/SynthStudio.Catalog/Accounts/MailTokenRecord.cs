namespace SynthStudio.Catalog.Accounts;

/// <summary>What a mail carries, by its hash, to prove that its reader has the address.</summary>
public sealed record MailTokenRecord
{
    /// <summary>SHA-256 of the token.</summary>
    public required byte[] Hash { get; init; }

    public required MailPurpose Purpose { get; init; }

    /// <summary>The address as it was written.</summary>
    public required string Email { get; init; }

    /// <summary>By which it is found.</summary>
    public required string EmailKey { get; init; }

    /// <summary>A user that exists already and whom it is about; null for a new one.</summary>
    public string? Owner { get; init; }

    /// <summary>What a new user may do.</summary>
    public UserRole Role { get; init; }

    /// <summary>The administrator who invites; empty for other mails.</summary>
    public string Inviter { get; init; } = "";

    public required DateTimeOffset CreateTime { get; init; }

    public required DateTimeOffset ExpireTime { get; init; }
}

/// <summary>What a mail was sent for.</summary>
public enum MailPurpose
{
    /// <summary>Somebody wants an account.</summary>
    Registration,

    /// <summary>An administrator wants somebody to have one.</summary>
    Invitation,

    /// <summary>Somebody forgot their password.</summary>
    PasswordReset,

    /// <summary>Somebody wants their account to have this address.</summary>
    EmailChange,

    /// <summary>An owner wants somebody to be a member of their project; its token is the invitation's.</summary>
    ProjectInvitation,
}
