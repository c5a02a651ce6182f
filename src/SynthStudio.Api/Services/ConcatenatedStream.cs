using SynthStudio.Storage;

namespace SynthStudio.Api.Services;

/// <summary>Stored objects one after the other, each checked while it is read.</summary>
internal sealed class ConcatenatedStream(IObjectStore objects, IReadOnlyList<ObjectRef> parts) : ForwardStream
{
    private Stream? _current;
    private int _next;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (_current is null)
            {
                if (_next == parts.Count) return 0;
                _current = await objects.OpenReadAsync(parts[_next++], verify: true, cancellationToken);
            }

            if (await _current.ReadAsync(buffer, cancellationToken) is > 0 and var read) return read;
            await _current.DisposeAsync();
            _current = null;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _current?.Dispose();
        base.Dispose(disposing);
    }
}
