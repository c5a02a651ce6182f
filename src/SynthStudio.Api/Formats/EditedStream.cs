using SynthStudio.Api.Services;

namespace SynthStudio.Api.Formats;

/// <summary>A file as it is while an edit changes it, piece by piece. Is only read, from its beginning to its end.</summary>
/// <param name="file">The file; stays open.</param>
/// <param name="edit">What changes it.</param>
internal sealed class EditedStream(Stream file, IDownloadEdit edit) : Stream
{
    private readonly byte[] _piece = new byte[64 * 1024];
    private ReadOnlyMemory<byte> _edited;
    private bool _isAtEnd;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_edited.IsEmpty && !_isAtEnd && !buffer.IsEmpty)
        {
            var read = await file.ReadAsync(_piece, cancellationToken);
            _isAtEnd = read == 0;
            _edited = _isAtEnd ? edit.End() : edit.Next(_piece.AsSpan(0, read));
        }

        var taken = _edited[..Math.Min(buffer.Length, _edited.Length)];
        taken.CopyTo(buffer);
        _edited = _edited[taken.Length..];
        return taken.Length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
