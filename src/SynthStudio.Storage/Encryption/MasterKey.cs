using System.Security.Cryptography;
using System.Text;

namespace SynthStudio.Storage;

/// <summary>
/// The key that secrets are sealed with before they are stored (AES-256-GCM). It is kept outside of the database and the bucket; what an earlier one
/// sealed can still be opened while that is named too.
/// </summary>
public sealed class MasterKey
{
    /// <summary>Bytes of a key.</summary>
    public const int Bytes = 32;

    /// <summary>Bytes that sealing adds: which form, which key, nonce and tag.</summary>
    public const int Overhead = 1 + IdBytes + NonceBytes + TagBytes;

    private const byte Form = 1;
    private const int IdBytes = 8, NonceBytes = 12, TagBytes = 16;

    private readonly (byte[] Id, byte[] Key)[] _keys;
    private readonly (byte[] Id, byte[] Key)? _next;

    /// <param name="current">Seals; 32 bytes.</param>
    /// <param name="previous">What an earlier key was, to open what it sealed.</param>
    public MasterKey(byte[] current, params byte[][] previous) => _keys = [.. previous.Prepend(current).Select(Named)];

    /// <summary>
    /// The key to come; null for none. It seals nothing here yet, and what other processes sealed by it already is
    /// opened, and stays as it is.
    /// </summary>
    public byte[]? Next
    {
        get => _next?.Key;
        init => _next = value is null ? null : Named(value);
    }

    /// <summary>Reads a key as settings have it.</summary>
    /// <exception cref="FormatException">It is not 32 bytes in base 64.</exception>
    public static byte[] Parse(string text)
    {
        var key = new byte[Bytes];
        return Convert.TryFromBase64String(text.Trim(), key, out var written) && written == Bytes
            ? key
            : throw new FormatException($"must be {Bytes} random bytes in base 64: head -c {Bytes} /dev/urandom | base64.");
    }

    /// <summary>Encrypts a secret.</summary>
    /// <param name="secret">It.</param>
    /// <param name="purpose">What it is and whose; opening asks for the same, so that one secret cannot be put in another's place.</param>
    public byte[] Seal(ReadOnlySpan<byte> secret, string purpose)
    {
        var (id, key) = _keys[0];
        var box = new byte[Overhead + secret.Length];
        box[0] = Form;
        id.CopyTo(box, 1);
        var nonce = box.AsSpan(1 + IdBytes, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, secret, box.AsSpan(Overhead), box.AsSpan(1 + IdBytes + NonceBytes, TagBytes), Encoding.UTF8.GetBytes(purpose));
        return box;
    }

    /// <summary>Decrypts what <see cref="Seal"/> made.</summary>
    /// <exception cref="SealBrokenException">No key of ours sealed it, or it was changed, or it is of another purpose.</exception>
    public byte[] Open(ReadOnlySpan<byte> box, string purpose)
    {
        if (!IsSealed(box)) throw new SealBrokenException(purpose, "it is no sealed secret");
        var key = KeyOf(box) ?? throw new SealBrokenException(purpose, $"it was sealed by the master key {Convert.ToHexStringLower(box.Slice(1, IdBytes))}, which is not among those that the settings name");
        var secret = new byte[box.Length - Overhead];
        using var aes = new AesGcm(key, TagBytes);
        try
        {
            aes.Decrypt(
                box.Slice(1 + IdBytes, NonceBytes), box[Overhead..], box.Slice(1 + IdBytes + NonceBytes, TagBytes),
                secret, Encoding.UTF8.GetBytes(purpose));
            return secret;
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new SealBrokenException(purpose, "it is not what was sealed", e);
        }
    }

    /// <summary>Whether bytes look as <see cref="Seal"/> leaves them; a PKCS #8 key does not.</summary>
    public static bool IsSealed(ReadOnlySpan<byte> bytes) => bytes.Length >= Overhead && bytes[0] == Form;

    /// <summary>Whether the key that seals now sealed this, or the one to come: it needs not be sealed anew.</summary>
    public bool IsCurrent(ReadOnlySpan<byte> box) => IsSealed(box) && (IsBy(_keys[0], box) || (_next is { } next && IsBy(next, box)));

    private static (byte[] Id, byte[] Key) Named(byte[] key) => (SHA256.HashData([.. "SynthStudio master key "u8, .. key])[..IdBytes], key);

    private static bool IsBy((byte[] Id, byte[] Key) key, ReadOnlySpan<byte> box) => box.Slice(1, IdBytes).SequenceEqual(key.Id);

    private byte[]? KeyOf(ReadOnlySpan<byte> box)
    {
        foreach (var key in _keys)
        {
            if (IsBy(key, box)) return key.Key;
        }

        return _next is { } next && IsBy(next, box) ? next.Key : null;
    }
}
