namespace SynthStudio.Catalog;

/// <summary>A long-lived secret of a user. Only its hash is stored.</summary>
public sealed record ApiKeyRecord
{
    /// <summary>Public part of the key, by which it is looked up, listed and revoked.</summary>
    public required string Id { get; init; }

    /// <summary>SHA-256 of the secret part, 32 bytes. A random secret of 256 bits needs no salt and no slow hash.</summary>
    public required byte[] SecretHash { get; init; }

    /// <summary>Name of the user it speaks for.</summary>
    public required string Owner { get; init; }

    public string DisplayName { get; init; } = "";

    /// <summary>Name of the user who made it, who may be another one; empty where nobody noted it.</summary>
    public string Maker { get; init; } = "";

    /// <summary>What it is limited to; empty for all its owner may do.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    public required DateTimeOffset CreateTime { get; init; }

    /// <summary>Null never expires.</summary>
    public DateTimeOffset? ExpireTime { get; init; }

    public DateTimeOffset? RevokeTime { get; init; }

    /// <summary>Exact to about a minute: not every call is written down.</summary>
    public DateTimeOffset? LastUseTime { get; init; }

    /// <summary>Its resource name.</summary>
    public string Name => NameOf(Owner, Id);

    /// <summary>The resource name of a user's key.</summary>
    public static string NameOf(string owner, string id) => $"{owner}/apiKeys/{id}";

    public bool IsValid(DateTimeOffset now) => RevokeTime is null && (ExpireTime is null || ExpireTime > now);
}
