using System.Security.Cryptography;
using System.Text;

namespace SynthStudio.Catalog.Packages;

/// <summary>
/// Signs model packages that leave this installation, and knows whose signature one carries (ECDSA on P-256 over SHA-256). The key is derived from the
/// server's secret; its public half is what other installations are told to trust.
/// </summary>
public sealed class PackageSeal : IDisposable
{
    private const int KeyBytes = 32;

    private readonly ECDsa _key;

    private PackageSeal(ECDsa key, string name)
    {
        (_key, Name) = (key, name);
        PublicKeyPem = key.ExportSubjectPublicKeyInfoPem();
        KeyId = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..16];
    }

    /// <summary>Whose it is, as who knows the key says.</summary>
    public string Name { get; }

    /// <summary>The first 16 hexadecimal digits of the SHA-256 of the public key (SubjectPublicKeyInfo).</summary>
    public string KeyId { get; }

    /// <summary>The public key as SubjectPublicKeyInfo in PEM.</summary>
    public string PublicKeyPem { get; }

    /// <summary>The seal of a server.</summary>
    /// <param name="key">The server's secret.</param>
    /// <param name="name">What it calls itself.</param>
    public static PackageSeal Of(LedgerKey key, string name) => new(
        ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = key.Derive("signatures of model packages", KeyBytes) }), name);

    /// <summary>A seal that only checks.</summary>
    /// <param name="name">Whose key it is.</param>
    /// <param name="publicKey">The public key, as <see cref="PublicKeyPem"/> writes it, or only the base 64 between its first and last line.</param>
    /// <exception cref="FormatException">The text is no such key.</exception>
    public static PackageSeal Public(string name, string publicKey)
    {
        var key = ECDsa.Create();
        try
        {
            if (publicKey.Contains("-----", StringComparison.Ordinal)) key.ImportFromPem(publicKey);
            else key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(publicKey), out _);
            return key.KeySize == 256 && key.ExportParameters(false).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value
                ? new PackageSeal(key, name)
                : throw new CryptographicException("It is of another curve.");
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException or FormatException)
        {
            key.Dispose();
            throw new FormatException("The text is no public key of a signer of packages (PEM, P-256).", e);
        }
    }

    /// <summary>The signature of what is claimed of a package, 64 bytes (r and s).</summary>
    internal byte[] Sign(ReadOnlySpan<byte> claims)
    {
        lock (_key) return _key.SignData(Statement(claims), HashAlgorithmName.SHA256);
    }

    /// <summary>Whether a signature of claims is by this key.</summary>
    internal bool Verify(ReadOnlySpan<byte> claims, ReadOnlySpan<byte> signature)
    {
        lock (_key) return _key.VerifyData(Statement(claims), signature, HashAlgorithmName.SHA256);
    }

    public void Dispose() => _key.Dispose();

    /// <summary>What is signed begins with what it is, so that no signature of one thing is one of another.</summary>
    private static byte[] Statement(ReadOnlySpan<byte> claims) => [.. Encoding.ASCII.GetBytes("SynthStudio model package\n"), .. claims];
}
