namespace SynthStudio.Catalog.Packages;

/// <summary>A stream that is read from its beginning to its end, and nothing else.</summary>
internal abstract class ForwardStream(Stream inner) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    protected Stream Inner => inner;

    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Reads are asynchronous.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>A signed zip file as it was: up to its comment, whose length in the last two bytes is zero.</summary>
internal sealed class UnsignedStream : ForwardStream
{
    private const int LengthBytes = 2;

    private readonly long _size;
    private long _position;

    public UnsignedStream(Stream file, long size) : base(file)
    {
        _size = size;
        file.Position = 0;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = (int)Math.Min(buffer.Length, _size - _position);
        if (wanted == 0) return 0;
        var read = await Inner.ReadAsync(buffer[..wanted], cancellationToken);
        if (read == 0) throw new EndOfStreamException("The file became shorter while it was read.");
        var zeros = Math.Max(0, _position + read - (_size - LengthBytes));
        buffer.Span[(int)(read - Math.Min(zeros, read))..read].Clear();
        _position += read;
        return read;
    }
}

/// <summary>A stream that refuses to be longer than it may.</summary>
internal sealed class BoundedStream(Stream inner, long most) : ForwardStream(inner)
{
    /// <summary>Bytes that may still come.</summary>
    public long Left { get; private set; } = most;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await Inner.ReadAsync(buffer, cancellationToken);
        return (Left -= read) >= 0 ? read : throw new InvalidDataException("it holds more than a model does");
    }
}
