namespace SynthStudio.Catalog;

/// <summary>
/// An ES256 key pair that signs access tokens. It is published from its creation, signs from <see cref="NotBefore"/> to
/// <see cref="RetireTime"/>, and stays published until <see cref="ExpireTime"/>, when the last token it signed has run out.
/// </summary>
public sealed record SigningKeyRecord
{
    /// <summary>The <c>kid</c> in the header of a token.</summary>
    public required string Id { get; init; }

    /// <summary>PKCS #8, DER.</summary>
    public required byte[] PrivateKey { get; init; }

    public required DateTimeOffset CreateTime { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset RetireTime { get; init; }

    public required DateTimeOffset ExpireTime { get; init; }

    public bool Signs(DateTimeOffset now) => NotBefore <= now && now < RetireTime;
}
