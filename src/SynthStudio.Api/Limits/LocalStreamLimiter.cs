using System.Collections.Concurrent;

namespace SynthStudio.Api.Limits;

/// <summary>Places in this process: with several replicas, each has its own.</summary>
public sealed class LocalStreamLimiter : IStreamLimiter
{
    private readonly ConcurrentDictionary<string, int> _open = new();

    public ValueTask<IAsyncDisposable?> TryEnterAsync(string bucket, int limit)
    {
        while (true)
        {
            var open = _open.GetOrAdd(bucket, 0);
            if (open >= limit) return ValueTask.FromResult<IAsyncDisposable?>(null);
            if (_open.TryUpdate(bucket, open + 1, open)) return ValueTask.FromResult<IAsyncDisposable?>(new Place(this, bucket));
        }
    }

    /// <summary>A bucket without streams is forgotten, unless one enters it just then.</summary>
    private void Leave(string bucket)
    {
        if (_open.AddOrUpdate(bucket, 0, (_, open) => open - 1) == 0) _open.TryRemove(KeyValuePair.Create(bucket, 0));
    }

    private sealed class Place(LocalStreamLimiter limiter, string bucket) : IAsyncDisposable
    {
        private int _left;

        public ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) limiter.Leave(bucket);
            return ValueTask.CompletedTask;
        }
    }
}
