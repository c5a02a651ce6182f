using System.Collections.Concurrent;

namespace SynthStudio.Api.Limits;

/// <summary>Buckets in this process: with several replicas, each has its own.</summary>
public sealed class LocalRequestLimiter(TimeProvider time) : IRequestLimiter
{
    private const int Capacity = 10_000;

    private readonly ConcurrentDictionary<string, Bucket> _buckets = new();

    public ValueTask<TimeSpan> TakeAsync(string bucket, BucketRate rate)
    {
        if (_buckets.Count >= Capacity) _buckets.Clear(); // A full bucket for everybody is better than no memory for anybody.
        return ValueTask.FromResult(_buckets.GetOrAdd(bucket, _ => new Bucket(rate.Size, time.GetTimestamp())).Take(rate, time));
    }

    private sealed class Bucket(double tokens, long timestamp)
    {
        private readonly Lock _lock = new();
        private double _tokens = tokens;
        private long _timestamp = timestamp;

        public TimeSpan Take(BucketRate rate, TimeProvider time)
        {
            lock (_lock)
            {
                var now = time.GetTimestamp();
                _tokens = Math.Min(rate.Size, _tokens + (time.GetElapsedTime(_timestamp, now).TotalSeconds * rate.PerSecond));
                _timestamp = now;
                if (_tokens < 1) return TimeSpan.FromSeconds((1 - _tokens) / rate.PerSecond);
                _tokens--;
                return TimeSpan.Zero;
            }
        }
    }
}
