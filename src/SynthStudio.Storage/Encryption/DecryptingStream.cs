using System.Security.Cryptography;

namespace SynthStudio.Storage;

/// <summary>The plain bytes of an encrypted object. Seeks where the stored bytes can: a read costs the chunks that it touches.</summary>
internal sealed class DecryptingStream(Stream stored, ObjectCipher cipher, ObjectRef reference) : Stream
{
    private const long None = -1;

    private readonly byte[] _stored = new byte[ObjectCipher.StoredChunkBytes];
    private readonly byte[] _plain = new byte[ObjectCipher.ChunkBytes];
    private long _chunk = None, _next, _position;

    public override bool CanRead => true;

    public override bool CanSeek => stored.CanSeek;

    public override bool CanWrite => false;

    public override long Length => cipher.Size;

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        if (IsAtEnd()) return 0;
        var chunk = _position / ObjectCipher.ChunkBytes;
        if (chunk != _chunk)
        {
            MoveTo(chunk);
            Open(chunk, await stored.ReadAtLeastAsync(
                _stored.AsMemory(0, StoredLength(chunk)), StoredLength(chunk), throwOnEndOfStream: false, cancellationToken));
        }

        return Take(buffer.Span);
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty) return 0;
        if (IsAtEnd()) return 0;
        var chunk = _position / ObjectCipher.ChunkBytes;
        if (chunk != _chunk)
        {
            MoveTo(chunk);
            Open(chunk, stored.ReadAtLeast(_stored.AsSpan(0, StoredLength(chunk)), StoredLength(chunk), throwOnEndOfStream: false));
        }

        return Take(buffer);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin)
    {
        if (!CanSeek) throw new NotSupportedException();
        var target = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => _position + offset, _ => Length + offset };
        ArgumentOutOfRangeException.ThrowIfNegative(target, nameof(offset));
        return _position = target;
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            CryptographicOperations.ZeroMemory(_plain);
            cipher.Dispose();
            stored.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>At the end an empty object has still its one chunk to prove that it is whole, and every object nothing behind it.</summary>
    private bool IsAtEnd()
    {
        if (_position < cipher.Size) return false;
        if (cipher.Size == 0 && _chunk == None)
        {
            MoveTo(0);
            Open(0, stored.ReadAtLeast(_stored.AsSpan(0, ObjectCipher.TagBytes), ObjectCipher.TagBytes, throwOnEndOfStream: false));
        }

        return true;
    }

    private int StoredLength(long chunk) => cipher.LengthOf(chunk) + ObjectCipher.TagBytes;

    private void MoveTo(long chunk)
    {
        if (chunk == _next) return;
        stored.Position = ObjectCipher.HeadBytes + (chunk * ObjectCipher.StoredChunkBytes);
    }

    private void Open(long chunk, int read)
    {
        _chunk = None;
        if (read < StoredLength(chunk)) throw new ObjectCorruptException(reference.Key, $"an end in chunk {chunk}");
        try
        {
            cipher.Decrypt(chunk, _stored, _plain.AsSpan(0, cipher.LengthOf(chunk)));
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new ObjectCorruptException(reference.Key, $"other bytes in chunk {chunk}", e);
        }

        (_chunk, _next) = (chunk, chunk + 1);
    }

    private int Take(Span<byte> buffer)
    {
        var at = (int)(_position % ObjectCipher.ChunkBytes);
        var part = _plain.AsSpan(at, Math.Min(buffer.Length, cipher.LengthOf(_chunk) - at));
        part.CopyTo(buffer);
        _position += part.Length;
        return part.Length;
    }
}
