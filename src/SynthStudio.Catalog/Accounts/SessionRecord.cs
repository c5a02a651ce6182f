namespace SynthStudio.Catalog.Accounts;

/// <summary>One sign-in, with the family of refresh tokens that comes from it. The tokens themselves are not stored.</summary>
public sealed record SessionRecord
{
    public required string Id { get; init; }

    /// <summary>The user, <c>users/{user}</c>.</summary>
    public required string Owner { get; init; }

    /// <summary>How they signed in: <c>password</c>, or the id of another provider.</summary>
    public required string Method { get; init; }

    /// <summary>Where from.</summary>
    public string Address { get; init; } = "";

    /// <summary>What the client says of itself.</summary>
    public string Agent { get; init; } = "";

    /// <summary>SHA-256 of the part that all tokens of the family share.</summary>
    public required byte[] FamilyHash { get; init; }

    /// <summary>SHA-256 of the token that is good now.</summary>
    public required byte[] TokenHash { get; init; }

    /// <summary>SHA-256 of the token before; null for none.</summary>
    public byte[]? PreviousHash { get; init; }

    /// <summary>What makes the token that is good now from the one before.</summary>
    public byte[]? SuccessorSalt { get; init; }

    /// <summary>When the token that is good now was made.</summary>
    public required DateTimeOffset RotateTime { get; init; }

    public required DateTimeOffset CreateTime { get; init; }

    public required DateTimeOffset ExpireTime { get; init; }

    public DateTimeOffset? RevokeTime { get; init; }

    public bool IsValid(DateTimeOffset now) => RevokeTime is null && ExpireTime > now;
}
