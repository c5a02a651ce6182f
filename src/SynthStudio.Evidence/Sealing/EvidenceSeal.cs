using System.Security.Cryptography;
using System.Text;

namespace SynthStudio.Evidence.Sealing;

/// <summary>
/// Signs the files of evidence packs (<see cref="P256Key"/>) and checks them without the server. The signature stands at the end of the file, in a
/// form that its readers take for a comment or a property, and covers every byte before it. The end itself is written in one way only, so that a change of
/// any byte of the file is found.
/// </summary>
public sealed class EvidenceSeal : IDisposable
{
    private readonly P256Key _key;

    private EvidenceSeal(P256Key key) => _key = key;

    /// <summary>The seal of a server.</summary>
    /// <param name="secret">Its private key, 32 bytes.</param>
    public static EvidenceSeal Of(byte[] secret) => new(P256Key.Of(secret));

    /// <summary>The public key as SubjectPublicKeyInfo in PEM.</summary>
    public string PublicKeyPem => _key.Pem;

    /// <summary>SHA-256 of the public key, lower-case hexadecimal: by which people compare keys.</summary>
    public string Fingerprint => _key.Fingerprint;

    /// <summary>The file with its signed end.</summary>
    /// <param name="label">What it is.</param>
    /// <param name="content">The file without an end; as JSON an object.</param>
    public byte[] Sign(EvidenceLabel label, byte[] content)
    {
        var body = label.Format == EvidenceFormat.Json ? SealedEnd.Open(content) : content;
        return [.. body, .. new SealedEnd(label, _key.Sign(Statement(label, body)), _key.SubjectPublicKeyInfo).Write()];
    }

    /// <summary>Checks a file.</summary>
    /// <param name="file">All of it.</param>
    /// <param name="publicKeyPem">The server's public key, had from the server itself; null takes the file's own, which proves that the file is whole only.</param>
    /// <exception cref="FormatException">It is no evidence pack, its end was damaged, or <paramref name="publicKeyPem"/> is no key.</exception>
    public static EvidenceCheck Check(ReadOnlySpan<byte> file, string? publicKeyPem)
    {
        var (body, end) = SealedEnd.Split(file);
        using var own = P256Key.Public(end.PublicKey);
        using var given = publicKeyPem is null ? null : P256Key.Public(publicKeyPem, "evidence packs");
        var key = given ?? own;
        // The key in the file is a part of it, too: it must be the one that signed.
        var isWhole = end.PublicKey.AsSpan().SequenceEqual(key.SubjectPublicKeyInfo)
            && end.Signature.Length == P256Key.SignatureBytes
            && key.Verify(Statement(end.Label, body), end.Signature);
        return new EvidenceCheck(isWhole, given is not null, end.Label, key.Fingerprint);
    }

    public void Dispose() => _key.Dispose();

    private static byte[] Statement(EvidenceLabel label, ReadOnlySpan<byte> body) => Encoding.UTF8.GetBytes(
        $"SynthStudio evidence pack\n{label.Pack}\n{label.Number}\n{label.Format}\n{label.FactsSha256}\n{Convert.ToHexStringLower(SHA256.HashData(body))}");
}

/// <summary>What a signed file is.</summary>
/// <param name="Pack">Resource name of the pack.</param>
/// <param name="Number">Its version.</param>
/// <param name="Format">The file's form.</param>
/// <param name="FactsSha256">Of the facts that the pack was made of, lower-case hexadecimal.</param>
public sealed record EvidenceLabel(string Pack, int Number, EvidenceFormat Format, string FactsSha256);

/// <summary>What a check found.</summary>
/// <param name="IsWhole">Whether the file is, byte for byte, what was signed with the key.</param>
/// <param name="IsByGivenKey">Whether that key was given by who checks; else it is the file's own.</param>
/// <param name="Label">What the file says it is.</param>
/// <param name="Fingerprint">SHA-256 of the key that it was checked with.</param>
public sealed record EvidenceCheck(bool IsWhole, bool IsByGivenKey, EvidenceLabel Label, string Fingerprint);
