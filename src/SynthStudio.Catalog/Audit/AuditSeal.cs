using System.Text;
using SynthStudio.Evidence.Sealing;

namespace SynthStudio.Catalog.Audit;

/// <summary>
/// Signs the ends of chains (<see cref="P256Key"/>). The key is derived from the server's secret, which is not in the database, so that
/// who can write there cannot sign; its public half lets anybody check an exported trail.
/// </summary>
public sealed class AuditSeal : IDisposable
{
    private readonly P256Key _key;

    private AuditSeal(P256Key key) => _key = key;

    /// <summary>The seal of a server.</summary>
    public static AuditSeal Of(LedgerKey key) => new(P256Key.Of(key.Derive("signatures of audit trails", P256Key.SecretBytes)));

    /// <summary>A seal that only checks.</summary>
    /// <param name="publicKeyPem">The public key, as <see cref="PublicKeyPem"/> writes it.</param>
    /// <exception cref="FormatException">The text is no such key.</exception>
    public static AuditSeal Public(string publicKeyPem) => new(P256Key.Public(publicKeyPem, "an audit trail"));

    /// <summary>The public key as SubjectPublicKeyInfo in PEM.</summary>
    public string PublicKeyPem => _key.Pem;

    /// <summary>The signature of a chain's end, 64 bytes (r and s).</summary>
    public byte[] Sign(string chain, long sequence, ReadOnlySpan<byte> hash) => _key.Sign(Statement(chain, sequence, hash));

    /// <summary>Whether a signature is one of this chain's end.</summary>
    public bool Verify(string chain, long sequence, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature) =>
        _key.Verify(Statement(chain, sequence, hash), signature);

    public void Dispose() => _key.Dispose();

    private static byte[] Statement(string chain, long sequence, ReadOnlySpan<byte> hash) =>
        Encoding.UTF8.GetBytes($"SynthStudio audit head\n{chain}\n{sequence}\n{Convert.ToHexStringLower(hash)}");
}
