using Microsoft.Extensions.Logging;
using SynthStudio.Api.Limits;

namespace SynthStudio.Hosting;

/// <summary>
/// Buckets that all replicas share: one script takes the token, by Redis' own clock. While Redis does not answer each replica has buckets of its own.
/// </summary>
internal sealed class RedisRequestLimiter(RedisConnection redis, LocalRequestLimiter local, ILogger<RedisRequestLimiter> logger) : IRequestLimiter
{
    /// <summary>Answers the milliseconds to wait; a bucket that must be full by now is forgotten.</summary>
    private const string Take = """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + time[2] / 1000
        local rate, size = tonumber(ARGV[1]) / 1000, tonumber(ARGV[2])
        local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'time')
        local tokens = math.min(size, (tonumber(bucket[1]) or size) + math.max(0, now - (tonumber(bucket[2]) or now)) * rate)
        local wait = 0
        if tokens >= 1 then tokens = tokens - 1 else wait = math.ceil((1 - tokens) / rate) end
        redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'time', string.format('%.3f', now))
        redis.call('PEXPIRE', KEYS[1], math.ceil(size / rate) + 1000)
        return wait
        """;

    public async ValueTask<TimeSpan> TakeAsync(string bucket, BucketRate rate)
    {
        try
        {
            var database = (await redis.GetAsync()).GetDatabase();
            var wait = await database.ScriptEvaluateAsync(Take, [$"{redis.Prefix}rate:{bucket}"], [rate.PerSecond, rate.Size]);
            return TimeSpan.FromMilliseconds((long)wait);
        }
        catch (Exception e) when (RedisConnection.IsAway(e))
        {
            RedisLog.LimitsApart(logger, e);
            return await local.TakeAsync(bucket, rate);
        }
    }
}
