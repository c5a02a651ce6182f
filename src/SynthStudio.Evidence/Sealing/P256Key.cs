using System.Security.Cryptography;

namespace SynthStudio.Evidence.Sealing;

/// <summary>A key that signs, or only checks signatures: ECDSA on P-256 over SHA-256. Several threads may use it at once.</summary>
public sealed class P256Key : IDisposable
{
    /// <summary>Bytes of a private key.</summary>
    public const int SecretBytes = 32;

    /// <summary>Bytes of a signature: r and s.</summary>
    public const int SignatureBytes = 64;

    private const string PemLabel = "PUBLIC KEY";

    /// <summary>The curve's object identifier (RFC 5480).</summary>
    private const string P256 = "1.2.840.10045.3.1.7";

    private readonly ECDsa _key;

    private P256Key(ECDsa key)
    {
        _key = key;
        SubjectPublicKeyInfo = key.ExportSubjectPublicKeyInfo();
        Pem = PemEncoding.WriteString(PemLabel, SubjectPublicKeyInfo);
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(SubjectPublicKeyInfo));
    }

    /// <summary>The public key in DER (RFC 5280).</summary>
    public byte[] SubjectPublicKeyInfo { get; }

    /// <summary>The same in PEM.</summary>
    public string Pem { get; }

    /// <summary>SHA-256 of the public key, lower-case hexadecimal: by which people compare keys.</summary>
    public string Fingerprint { get; }

    /// <summary>A key that signs.</summary>
    /// <param name="secret">The private key, <see cref="SecretBytes"/>.</param>
    public static P256Key Of(byte[] secret) => new(ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = secret }));

    /// <summary>A key that only checks.</summary>
    /// <param name="text">The public key, as <see cref="Pem"/> writes it, or only the base 64 between its first and last line.</param>
    /// <param name="signed">What it is said to sign, for the error.</param>
    /// <exception cref="FormatException">The text is no such key: damaged, of another curve, or a private one.</exception>
    public static P256Key Public(string text, string signed)
    {
        try
        {
            return Public(Decode(text));
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new FormatException($"The text is no public key of {signed} (PEM, P-256).", e);
        }
    }

    /// <summary>The same from <see cref="SubjectPublicKeyInfo"/>.</summary>
    /// <exception cref="FormatException">The bytes are no such key.</exception>
    public static P256Key Public(ReadOnlySpan<byte> subjectPublicKeyInfo)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(subjectPublicKeyInfo, out _);
            // There is one way only to write a key: what reads alike and is written otherwise was changed.
            if (key.ExportParameters(false).Curve is { IsNamed: true, Oid.Value: P256 } && subjectPublicKeyInfo.SequenceEqual(key.ExportSubjectPublicKeyInfo()))
                return new P256Key(key);
        }
        catch (Exception e) when (e is CryptographicException or PlatformNotSupportedException) // The second: a curve or point that is none.
        {
            key.Dispose();
            throw new FormatException("The bytes are no public key on P-256.", e);
        }

        key.Dispose();
        throw new FormatException("The key is of another curve than P-256, or was changed.");
    }

    /// <summary>The signature of a text, <see cref="SignatureBytes"/>.</summary>
    public byte[] Sign(ReadOnlySpan<byte> text)
    {
        lock (_key) return _key.SignData(text, HashAlgorithmName.SHA256);
    }

    /// <summary>Whether a signature of a text is by this key.</summary>
    public bool Verify(ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature)
    {
        lock (_key) return _key.VerifyData(text, signature, HashAlgorithmName.SHA256);
    }

    public void Dispose() => _key.Dispose();

    private static byte[] Decode(string text)
    {
        if (!text.Contains("-----", StringComparison.Ordinal)) return Convert.FromBase64String(text);
        var pem = PemEncoding.Find(text);
        return text.AsSpan()[pem.Label] is PemLabel ? Convert.FromBase64String(text[pem.Base64Data]) : throw new FormatException("The text is another thing than a public key.");
    }
}
