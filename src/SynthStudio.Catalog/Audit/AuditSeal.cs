using System.Security.Cryptography;
using System.Text;

namespace SynthStudio.Catalog.Audit;

/// <summary>
/// Signs the ends of chains (ECDSA on P-256 over SHA-256). The key is derived from the server's secret, which is not in the database, so that
/// who can write there cannot sign; its public half lets anybody check an exported trail.
/// </summary>
public sealed class AuditSeal : IDisposable
{
    private const int KeyBytes = 32;

    private readonly ECDsa _key;

    private AuditSeal(ECDsa key) => _key = key;

    /// <summary>The seal of a server.</summary>
    public static AuditSeal Of(LedgerKey key) => new(ECDsa.Create(
        new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = key.Derive("signatures of audit trails", KeyBytes) }));

    /// <summary>A seal that only checks.</summary>
    /// <param name="publicKeyPem">The public key, as <see cref="PublicKeyPem"/> writes it.</param>
    /// <exception cref="FormatException">The text is no such key.</exception>
    public static AuditSeal Public(string publicKeyPem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(publicKeyPem);
            return new AuditSeal(key);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new FormatException("The text is no public key of an audit trail (PEM, P-256).", e);
        }
    }

    /// <summary>The public key as SubjectPublicKeyInfo in PEM.</summary>
    public string PublicKeyPem => _key.ExportSubjectPublicKeyInfoPem();

    /// <summary>The signature of a chain's end, 64 bytes (r and s).</summary>
    public byte[] Sign(string chain, long sequence, ReadOnlySpan<byte> hash)
    {
        lock (_key) return _key.SignData(Statement(chain, sequence, hash), HashAlgorithmName.SHA256);
    }

    /// <summary>Whether a signature is one of this chain's end.</summary>
    public bool Verify(string chain, long sequence, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        lock (_key) return _key.VerifyData(Statement(chain, sequence, hash), signature, HashAlgorithmName.SHA256);
    }

    public void Dispose() => _key.Dispose();

    private static byte[] Statement(string chain, long sequence, ReadOnlySpan<byte> hash) =>
        Encoding.UTF8.GetBytes($"SynthStudio audit head\n{chain}\n{sequence}\n{Convert.ToHexStringLower(hash)}");
}
