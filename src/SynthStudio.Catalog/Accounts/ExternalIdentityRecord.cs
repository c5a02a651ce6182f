namespace SynthStudio.Catalog.Accounts;

/// <summary>A person as another provider knows them.</summary>
public sealed record ExternalIdentityRecord
{
    /// <summary>The provider's own name.</summary>
    public required string Issuer { get; init; }

    /// <summary>The person there; never given to another one.</summary>
    public required string Subject { get; init; }

    /// <summary>The user here.</summary>
    public required string Owner { get; init; }

    /// <summary>The provider's id in our settings.</summary>
    public required string Provider { get; init; }

    /// <summary>The address that the provider told; empty for none.</summary>
    public string Email { get; init; } = "";

    public required DateTimeOffset CreateTime { get; init; }
}

/// <summary>A sign-in that waits for a provider's answer.</summary>
/// <param name="SecretHash">SHA-256 of what only the client that began it has.</param>
/// <param name="Provider">The provider's id.</param>
/// <param name="RedirectUri">Where the provider sends the browser.</param>
/// <param name="Owner">A user who wants to be known there; null for a sign-in.</param>
/// <param name="ExpireTime">Until when the answer is waited for.</param>
public sealed record ProviderFlowRecord(byte[] SecretHash, string Provider, string RedirectUri, string? Owner, DateTimeOffset ExpireTime);
