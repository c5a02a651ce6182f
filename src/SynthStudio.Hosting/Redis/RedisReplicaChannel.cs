using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using SynthStudio.Api.Replicas;

namespace SynthStudio.Hosting;

/// <summary>News for other replicas, by Redis' publish and subscribe. Our own come back too, and are left out.</summary>
internal sealed class RedisReplicaChannel(RedisConnection redis, TimeProvider time, ILogger<RedisReplicaChannel> logger) : BackgroundService, IReplicaChannel
{
    private const char Separator = ' ';
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly string _self = Guid.NewGuid().ToString("N");

    public event Action<ReplicaNews>? Heard;

    public async Task TellAsync(ReplicaNews news)
    {
        try
        {
            await (await redis.GetAsync()).GetSubscriber().PublishAsync(Channel, string.Join(Separator, _self, news.Topic, news.Subject));
        }
        catch (Exception e) when (RedisConnection.IsAway(e))
        {
            RedisLog.NotTold(logger, e, news.Topic);
        }
    }

    /// <summary>Subscribes once; the connection renews the subscription whenever it comes back.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await (await redis.GetAsync()).GetSubscriber().SubscribeAsync(Channel, (_, message) => Hear(message));
                return;
            }
            catch (Exception e) when (RedisConnection.IsAway(e))
            {
                RedisLog.NotListening(logger, e);
                await Task.Delay(RetryAfter, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private RedisChannel Channel => RedisChannel.Literal($"{redis.Prefix}news");

    private void Hear(RedisValue message)
    {
        if (message.ToString().Split(Separator) is [var sender, var topic, var subject] && sender != _self && Enum.TryParse<ReplicaTopic>(topic, out var known))
            Heard?.Invoke(new ReplicaNews(known, subject));
    }
}
