using Microsoft.Extensions.Diagnostics.HealthChecks;

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
        catch (Exception e) when (RedisConnection.IsAway(e))
        {
            return HealthCheckResult.Degraded("Redis does not answer.", e);
        }
    }
}
