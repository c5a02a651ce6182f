using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SynthStudio.Api.Limits;
using SynthStudio.Api.Readiness;
using SynthStudio.Api.Replicas;

namespace SynthStudio.Hosting;

internal static class RedisServiceCollectionExtensions
{
    /// <summary>Lets API replicas share what they remember, what they revoke and what they limit. Before the API is added.</summary>
    /// <exception cref="ServerStartException">The connection string cannot be read.</exception>
    public static IServiceCollection AddReplicaRedis(this IServiceCollection services, RedisSettings settings)
    {
        var redis = new RedisConnection(settings);
        services.AddSingleton(_ => redis); // Owned by the container: it closes the connection.
        services.AddSingleton<RedisReplicaChannel>()
            .AddSingleton<IReplicaChannel>(provider => provider.GetRequiredService<RedisReplicaChannel>())
            .AddHostedService(provider => provider.GetRequiredService<RedisReplicaChannel>());
        services.AddSingleton<LocalRequestLimiter>().AddSingleton<IRequestLimiter, RedisRequestLimiter>();
        services.AddSingleton<LocalStreamLimiter>().AddSingleton<RedisStreamLimiter>()
            .AddSingleton<IStreamLimiter>(provider => provider.GetRequiredService<RedisStreamLimiter>())
            .AddHostedService(provider => provider.GetRequiredService<RedisStreamLimiter>());
        services.AddStackExchangeRedisCache(cache =>
        {
            cache.InstanceName = $"{settings.Prefix}cache:";
            cache.ConnectionMultiplexerFactory = async () => await redis.GetAsync();
        });
        services.AddSingleton<RedisHealth>().AddSingleton<RecentHealth<RedisHealth>>();
        services.AddHealthChecks().AddCheck<RecentHealth<RedisHealth>>("redis", HealthStatus.Degraded);
        return services;
    }
}
