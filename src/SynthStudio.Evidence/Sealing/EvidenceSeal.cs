using System.Security.Cryptography;
using System.Text;

namespace SynthStudio.Evidence.Sealing;

/// <summary>
/// Signs the files of evidence packs (ECDSA on P-256 over SHA-256) and checks them without the server. The signature stands at the end of the file, in a
/// form that its readers take for a comment or a property, and covers every byte before it. The end itself is written in one way only, so that a change of
/// any byte of the file is found.
/// </summary>
public sealed class EvidenceSeal : IDisposable
{
    private const int SignatureBytes = 64;

    private readonly ECDsa _key;

    private EvidenceSeal(ECDsa key) => _key = key;

    /// <summary>The seal of a server.</summary>
    /// <param name="secret">Its private key, 32 bytes.</param>
    public static EvidenceSeal Of(byte[] secret) => new(ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = secret }));

    /// <summary>A seal that only checks.</summary>
    /// <param name="publicKeyPem">The public key, as <see cref="PublicKeyPem"/> writes it.</param>
    /// <exception cref="FormatException">The text is no such key.</exception>
    public static EvidenceSeal Public(string publicKeyPem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(publicKeyPem);
            return new EvidenceSeal(key);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException or PlatformNotSupportedException)
        {
            key.Dispose();
            throw new FormatException("The text is no public key of evidence packs (PEM, P-256).", e);
        }
    }

    /// <summary>The public key as SubjectPublicKeyInfo in PEM.</summary>
    public string PublicKeyPem => _key.ExportSubjectPublicKeyInfoPem();

    /// <summary>SHA-256 of the public key, lower-case hexadecimal: by which people compare keys.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(_key.ExportSubjectPublicKeyInfo()));

    /// <summary>The file with its signed end.</summary>
    /// <param name="label">What it is.</param>
    /// <param name="content">The file without an end; as JSON an object.</param>
    public byte[] Sign(EvidenceLabel label, byte[] content)
    {
        var body = label.Format == EvidenceFormat.Json ? SealedEnd.Open(content) : content;
        byte[] signature;
        lock (_key) signature = _key.SignData(Statement(label, body), HashAlgorithmName.SHA256);
        return [.. body, .. new SealedEnd(label, signature, _key.ExportSubjectPublicKeyInfo()).Write()];
    }

    /// <summary>Checks a file.</summary>
    /// <param name="file">All of it.</param>
    /// <param name="publicKeyPem">The server's public key, had from the server itself; null takes the file's own, which proves that the file is whole only.</param>
    /// <exception cref="FormatException">It is no evidence pack, or its end was damaged.</exception>
    public static EvidenceCheck Check(ReadOnlySpan<byte> file, string? publicKeyPem)
    {
        var (body, end) = SealedEnd.Split(file);
        using var own = FromEnd(end);
        using var given = publicKeyPem is null ? null : Public(publicKeyPem);
        var key = given ?? own;
        // The key in the file is a part of it, too: it must be the one that signed.
        var isWhole = end.PublicKey.AsSpan().SequenceEqual(key._key.ExportSubjectPublicKeyInfo()) && end.Signature.Length == SignatureBytes && key._key.VerifyData(Statement(end.Label, body), end.Signature, HashAlgorithmName.SHA256);
        return new EvidenceCheck(isWhole, given is not null, end.Label, key.Fingerprint);
    }

    public void Dispose() => _key.Dispose();

    private static EvidenceSeal FromEnd(SealedEnd end)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(end.PublicKey, out var read);
            if (read == end.PublicKey.Length) return new EvidenceSeal(key);
        }
        catch (Exception e) when (e is CryptographicException or PlatformNotSupportedException) // The second: a curve or point that is none.
        {
            key.Dispose();
            throw new FormatException("The public key at the end of the file is none.", e);
        }

        key.Dispose();
        throw new FormatException("The public key at the end of the file is none.");
    }

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
