using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using SynthStudio.Api.Limits;

namespace SynthStudio.Hosting;

/// <summary>
/// Places that all replicas share: a sorted set for each bucket, of the places that are taken by the time at which they lapse. A replica renews what it
/// holds, so that the places of one that died come free. While Redis does not answer each replica counts by itself.
/// </summary>
internal sealed class RedisStreamLimiter(RedisConnection redis, LocalStreamLimiter local, TimeProvider time, ILogger<RedisStreamLimiter> logger)
    : BackgroundService, IStreamLimiter
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(20);

    /// <summary>Takes a place by Redis' own clock; answers 1 when there was one.</summary>
    private const string Enter = """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
        if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
        redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
        redis.call('PEXPIRE', KEYS[1], ARGV[3])
        return 1
        """;

    /// <summary>Renews a place, also one that lapsed while nobody could be asked.</summary>
    private const string Renew = """
        local time = redis.call('TIME')
        redis.call('ZADD', KEYS[1], time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[2], ARGV[1])
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        """;

    private readonly ConcurrentDictionary<Place, bool> _held = new();

    public async ValueTask<IAsyncDisposable?> TryEnterAsync(string bucket, int limit)
    {
        var place = new Place(this, $"{redis.Prefix}streams:{bucket}", Guid.NewGuid().ToString("N"));
        try
        {
            var database = (await redis.GetAsync()).GetDatabase();
            if ((long)await database.ScriptEvaluateAsync(Enter, [place.Key], [place.Id, limit, (long)Lifetime.TotalMilliseconds]) == 0) return null;
            _held[place] = true;
            return place;
        }
        catch (Exception e) when (RedisConnection.IsAway(e))
        {
            RedisLog.LimitsApart(logger, e);
            return await local.TryEnterAsync(bucket, limit);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Renewal, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var place in _held.Keys) await RenewAsync(place);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    /// <summary>Renews a place. One that was given back since it was to be renewed is free, whichever Redis heard first.</summary>
    internal async Task RenewAsync(Place place)
    {
        await AskAsync(database => database.ScriptEvaluateAsync(Renew, [place.Key], [place.Id, (long)Lifetime.TotalMilliseconds]));
        if (!_held.ContainsKey(place)) await FreeAsync(place);
    }

    private Task FreeAsync(Place place) => AskAsync(database => database.SortedSetRemoveAsync(place.Key, place.Id));

    /// <summary>What is not heard lapses, or is renewed the next time.</summary>
    private async Task AskAsync(Func<IDatabase, Task> request)
    {
        try
        {
            await request((await redis.GetAsync()).GetDatabase());
        }
        catch (Exception e) when (RedisConnection.IsAway(e))
        {
            RedisLog.LimitsApart(logger, e);
        }
    }

    internal sealed class Place(RedisStreamLimiter limiter, string key, string id) : IAsyncDisposable
    {
        public string Key => key;

        public string Id => id;

        public async ValueTask DisposeAsync()
        {
            if (limiter._held.TryRemove(this, out _)) await limiter.FreeAsync(this);
        }
    }
}
