using SynthStudio.Api.Services;
using SynthStudio.Storage;

namespace SynthStudio.Api.Formats;

/// <summary>A file as it is while an edit changes it, piece by piece.</summary>
/// <param name="file">The file; stays open.</param>
/// <param name="edit">What changes it.</param>
internal sealed class EditedStream(Stream file, IDownloadEdit edit) : ForwardStream
{
    private readonly byte[] _piece = new byte[64 * 1024];
    private ReadOnlyMemory<byte> _edited;
    private bool _isAtEnd;

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
}
