using System.Security.Cryptography;
using System.Text;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Identity.SecondFactor;

/// <summary>Encrypts the secrets of second factors for the database (AES-256-GCM, bound to their user), by a key that the database never sees.</summary>
internal sealed class SecretBox(LedgerKey key)
{
    private static readonly int NonceBytes = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int TagBytes = AesGcm.TagByteSizes.MaxSize;

    private readonly byte[] _key = key.SecondFactors();

    public byte[] Seal(byte[] secret, string user)
    {
        var box = new byte[NonceBytes + TagBytes + secret.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(_key, TagBytes);
        cipher.Encrypt(
            box.AsSpan(0, NonceBytes), secret, box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes), Encoding.UTF8.GetBytes(user));
        return box;
    }

    /// <exception cref="CryptographicException">It was not sealed for this user by this key.</exception>
    public byte[] Open(byte[] box, string user)
    {
        var secret = new byte[box.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(_key, TagBytes);
        cipher.Decrypt(
            box.AsSpan(0, NonceBytes), box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes), secret, Encoding.UTF8.GetBytes(user));
        return secret;
    }
}
