using System.Text;
using SynthStudio.Evidence.Sealing;

namespace SynthStudio.Catalog.Packages;

/// <summary>
/// Signs model packages that leave this installation, and knows whose signature one carries (<see cref="P256Key"/>). The key is derived from the
/// server's secret; its public half is what other installations are told to trust.
/// </summary>
public sealed class PackageSeal : IDisposable
{
    private readonly P256Key _key;

    private PackageSeal(P256Key key, string name) => (_key, Name) = (key, name);

    /// <summary>Whose it is, as who knows the key says.</summary>
    public string Name { get; }

    /// <summary>The first 16 hexadecimal digits of the SHA-256 of the public key (SubjectPublicKeyInfo).</summary>
    public string KeyId => _key.Fingerprint[..16];

    /// <summary>The public key as SubjectPublicKeyInfo in PEM.</summary>
    public string PublicKeyPem => _key.Pem;

    /// <summary>The seal of a server.</summary>
    /// <param name="key">The server's secret.</param>
    /// <param name="name">What it calls itself.</param>
    public static PackageSeal Of(LedgerKey key, string name) => new(P256Key.Of(key.Derive("signatures of model packages", P256Key.SecretBytes)), name);

    /// <summary>A seal that only checks.</summary>
    /// <param name="name">Whose key it is.</param>
    /// <param name="publicKey">The public key, as <see cref="PublicKeyPem"/> writes it, or only the base 64 between its first and last line.</param>
    /// <exception cref="FormatException">The text is no such key.</exception>
    public static PackageSeal Public(string name, string publicKey) => new(P256Key.Public(publicKey, "a signer of packages"), name);

    /// <summary>The signature of what is claimed of a package, 64 bytes (r and s).</summary>
    internal byte[] Sign(ReadOnlySpan<byte> claims) => _key.Sign(Statement(claims));

    /// <summary>Whether a signature of claims is by this key.</summary>
    internal bool Verify(ReadOnlySpan<byte> claims, ReadOnlySpan<byte> signature) => _key.Verify(Statement(claims), signature);

    public void Dispose() => _key.Dispose();

    /// <summary>What is signed begins with what it is, so that no signature of one thing is one of another.</summary>
    private static byte[] Statement(ReadOnlySpan<byte> claims) => [.. Encoding.ASCII.GetBytes("SynthStudio model package\n"), .. claims];
}
