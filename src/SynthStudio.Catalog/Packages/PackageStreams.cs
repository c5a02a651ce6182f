using SynthStudio.Storage;

namespace SynthStudio.Catalog.Packages;

/// <summary>A signed zip file as it was: up to its comment, whose length in the last two bytes is zero.</summary>
internal sealed class UnsignedStream : ForwardStream
{
    private const int LengthBytes = 2;

    private readonly Stream _file;
    private readonly long _size;
    private long _position;

    public UnsignedStream(Stream file, long size)
    {
        (_file, _size) = (file, size);
        file.Position = 0;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = (int)Math.Min(buffer.Length, _size - _position);
        if (wanted == 0) return 0;
        var read = await _file.ReadAsync(buffer[..wanted], cancellationToken);
        if (read == 0) throw new EndOfStreamException("The file became shorter while it was read.");
        var zeros = Math.Max(0, _position + read - (_size - LengthBytes));
        buffer.Span[(int)(read - Math.Min(zeros, read))..read].Clear();
        _position += read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _file.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>A stream that refuses to be longer than it may.</summary>
internal sealed class BoundedStream(Stream inner, long most) : ForwardStream
{
    /// <summary>Bytes that may still come.</summary>
    public long Left { get; private set; } = most;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        return (Left -= read) >= 0 ? read : throw new InvalidDataException("it holds more than a model does");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
