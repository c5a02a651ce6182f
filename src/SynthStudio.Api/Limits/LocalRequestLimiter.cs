using System.Collections.Concurrent;

namespace SynthStudio.Api.Limits;

/// <summary>Buckets in this process: with several replicas, each has its own. One that has filled up again is the same as none, and is forgotten.</summary>
public sealed class LocalRequestLimiter(TimeProvider time) : IRequestLimiter
{
    /// <summary>So many are kept without looking which have filled up.</summary>
    private const int Usual = 10_000;

    /// <summary>So many callers at once are an attack by many addresses. Full buckets for everybody are better than no memory for anybody.</summary>
    private const int Most = 1_000_000;

    private readonly ConcurrentDictionary<string, Bucket> _buckets = new();
    private int _count, _sweepAt = Usual, _sweeping;

    /// <summary>Buckets that are remembered.</summary>
    internal int Count => _buckets.Count;

    public ValueTask<TimeSpan> TakeAsync(string bucket, BucketRate rate)
    {
        var found = _buckets.TryGetValue(bucket, out var known) ? known : Add(bucket, rate);
        if (Volatile.Read(ref _count) > _sweepAt) Sweep();
        return ValueTask.FromResult(found.Take(rate, time));
    }

    private Bucket Add(string bucket, BucketRate rate) => _buckets.GetOrAdd(bucket, _ =>
    {
        Interlocked.Increment(ref _count);
        return new Bucket(rate, time.GetTimestamp());
    });

    /// <summary>Forgets what has filled up; the next time when there are twice as many as are left, so that looking costs little for each.</summary>
    private void Sweep()
    {
        if (Interlocked.Exchange(ref _sweeping, 1) == 1) return;
        foreach (var entry in _buckets.Where(entry => entry.Value.IsFull(time))) _buckets.TryRemove(entry);
        if (_buckets.Count > Most) _buckets.Clear();
        var left = _buckets.Count;
        _sweepAt = Math.Max(Usual, 2 * left);
        Volatile.Write(ref _count, left);
        Volatile.Write(ref _sweeping, 0);
    }

    private sealed class Bucket(BucketRate rate, long timestamp)
    {
        private readonly Lock _lock = new();
        private BucketRate _rate = rate;
        private double _tokens = rate.Size;
        private long _timestamp = timestamp;

        public TimeSpan Take(BucketRate rate, TimeProvider time)
        {
            lock (_lock)
            {
                _rate = rate;
                var now = time.GetTimestamp();
                _tokens = TokensAt(now, time);
                _timestamp = now;
                if (_tokens < 1) return TimeSpan.FromSeconds((1 - _tokens) / rate.PerSecond);
                _tokens--;
                return TimeSpan.Zero;
            }
        }

        public bool IsFull(TimeProvider time)
        {
            lock (_lock) return TokensAt(time.GetTimestamp(), time) >= _rate.Size;
        }

        private double TokensAt(long now, TimeProvider time) =>
            Math.Min(_rate.Size, _tokens + (time.GetElapsedTime(_timestamp, now).TotalSeconds * _rate.PerSecond));
    }
}
