using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SynthStudio.Storage;

/// <summary>
/// How an object is encrypted: a head of 64 bytes, then chunks of 64 KiB, each by AES-256-GCM with a tag of its own, so that any part can be read alone.
/// <code>
/// head    "SSE1" | log2 of the chunk size (1) | 0 (3) | id of the project's key (16) | plain size (8, little endian) | name (32)
/// name    HMAC-SHA256(project key, "name" | SHA-256 of the plain bytes): the object's key in the store, which tells nothing of the bytes
/// key     HKDF-SHA256(project key, "object" | name); the nonce of a chunk is its number, since equal keys mean equal bytes
/// chunk   cipher text | tag (16); the head and the number are authenticated with it
/// </code>
/// The same bytes in one project are the same object, stored once; in another project they are another. Chunks that were moved, cut off, or taken from
/// another object do not decrypt: the number, the size and the name are part of what every tag covers.
/// </summary>
internal sealed class ObjectCipher : IDisposable
{
    public const int HeadBytes = 64, ChunkBytes = 1 << ChunkLog, TagBytes = 16, StoredChunkBytes = ChunkBytes + TagBytes, NameBytes = 32;

    private const int ChunkLog = 16, KeyIdAt = 8, SizeAt = 24, NameAt = 32;

    private readonly AesGcm _aes;
    private readonly byte[] _covered; // The head, and the number of the chunk at hand.
    private readonly byte[] _nonce = new byte[12];

    private ObjectCipher(ReadOnlySpan<byte> head, ProjectKey key)
    {
        _covered = [.. head, .. new byte[sizeof(long)]];
        _aes = new AesGcm(HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Key, MasterKey.Bytes, info: [.. "object"u8, .. head.Slice(NameAt, NameBytes)]), TagBytes);
        Size = BinaryPrimitives.ReadInt64LittleEndian(head[SizeAt..]);
    }

    /// <summary>The object's size, not encrypted.</summary>
    public long Size { get; }

    /// <summary>What comes before the chunks.</summary>
    public ReadOnlySpan<byte> Head => _covered.AsSpan(0, HeadBytes);

    /// <summary>Chunks that there are; an empty object has one, so that it too is authenticated.</summary>
    public long Chunks => ChunksOf(Size);

    public static long ChunksOf(long size) => Math.Max(1, (size + ChunkBytes - 1) / ChunkBytes);

    /// <summary>The name of bytes in a project.</summary>
    /// <param name="key">The project's key.</param>
    /// <param name="sha256">Their SHA-256, in hexadecimal digits.</param>
    public static byte[] NameOf(ProjectKey key, string sha256) => HMACSHA256.HashData(key.Key, Encoding.ASCII.GetBytes($"name{sha256}"));

    /// <summary>For an object that is to be encrypted.</summary>
    public static ObjectCipher Encrypting(ProjectKey key, string sha256, long size)
    {
        var head = new byte[HeadBytes];
        "SSE1"u8.CopyTo(head);
        head[4] = ChunkLog;
        key.Id.TryWriteBytes(head.AsSpan(KeyIdAt));
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(SizeAt), size);
        NameOf(key, sha256).CopyTo(head, NameAt);
        return new ObjectCipher(head, key);
    }

    /// <summary>For an object with this head, which must be of the name that the object is stored under.</summary>
    /// <exception cref="ObjectCorruptException">It is no such head.</exception>
    public static async ValueTask<ObjectCipher> DecryptingAsync(
        ReadOnlyMemory<byte> head, ObjectRef reference, IProjectKeys keys, CancellationToken cancellation)
    {
        var size = BinaryPrimitives.ReadInt64LittleEndian(head.Span[SizeAt..]);
        if (!IsHeadOf(head.Span, reference) || size < 0 || (reference.Size > 0 && size != reference.Size))
            throw new ObjectCorruptException(reference.Key, "another head");
        var key = await keys.FindAsync(new Guid(head.Span.Slice(KeyIdAt, 16)), cancellation)
            ?? throw new ObjectNotFoundException(reference.Key);
        return new ObjectCipher(head.Span, key);
    }

    /// <summary>Plain bytes of a chunk.</summary>
    public int LengthOf(long chunk) => (int)Math.Min(ChunkBytes, Size - (chunk * ChunkBytes));

    public void Encrypt(long chunk, ReadOnlySpan<byte> plain, Span<byte> stored)
    {
        Cover(chunk);
        _aes.Encrypt(_nonce, plain, stored[..plain.Length], stored.Slice(plain.Length, TagBytes), _covered);
    }

    /// <exception cref="AuthenticationTagMismatchException">It is not what was stored.</exception>
    public void Decrypt(long chunk, ReadOnlySpan<byte> stored, Span<byte> plain)
    {
        Cover(chunk);
        _aes.Decrypt(_nonce, stored[..plain.Length], stored.Slice(plain.Length, TagBytes), plain, _covered);
    }

    public void Dispose() => _aes.Dispose();

    private static bool IsHeadOf(ReadOnlySpan<byte> head, ObjectRef reference) =>
        head.StartsWith("SSE1"u8) && head[4] == ChunkLog && head.Slice(5, 3).SequenceEqual(new byte[3])
        && reference.Key == ObjectKeys.For(Convert.ToHexStringLower(head.Slice(NameAt, NameBytes)));

    private void Cover(long chunk)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_covered.AsSpan(HeadBytes), chunk);
        BinaryPrimitives.WriteInt64LittleEndian(_nonce, chunk);
    }
}
