using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace SynthStudio.Hosting;

/// <summary>Degraded, not unhealthy, while Redis does not answer: everything still works.</summary>
internal sealed class RedisHealth(RedisConnection redis) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await (await redis.GetAsync()).GetDatabase().PingAsync();
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return HealthCheckResult.Degraded("Redis does not answer.", e);
        }
    }
}
