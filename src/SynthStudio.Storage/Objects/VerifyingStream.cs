using System.Security.Cryptography;

namespace SynthStudio.Storage;

/// <summary>Hashes what is read; the read that gets the last byte, or misses one, throws when the bytes are not the object's.</summary>
internal sealed class VerifyingStream(Stream inner, ObjectRef reference) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _length;
    private bool _checked;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => reference.Size;

    public override long Position
    {
        get => inner.Position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        Advance(buffer[..read], buffer.Length);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Advance(buffer.Span[..read], buffer.Length);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Advance(ReadOnlySpan<byte> read, int asked)
    {
        _hash.AppendData(read);
        _length += read.Length;
        var atEnd = _length >= reference.Size || (read.Length == 0 && asked > 0);
        if (!atEnd || (_checked && read.Length == 0)) return;
        _checked = true;
        var found = Convert.ToHexStringLower(_hash.GetCurrentHash());
        if (found != reference.Sha256) throw new ObjectCorruptException(reference.Key, $"SHA-256 {found}");
    }
}
