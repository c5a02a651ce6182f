using StackExchange.Redis;

namespace SynthStudio.Hosting;

/// <summary>
/// The process's connection to Redis, made in the background. While it is not there calls fail at once instead of waiting: everything that Redis
/// does here can be done without it, slower or less exactly.
/// </summary>
internal sealed class RedisConnection : IAsyncDisposable
{
    private const int ConnectMilliseconds = 1_000;
    private const int AnswerMilliseconds = 500;

    private readonly Lazy<Task<ConnectionMultiplexer>> _multiplexer;

    /// <exception cref="ServerStartException">The connection string cannot be read.</exception>
    public RedisConnection(RedisSettings settings)
    {
        Prefix = settings.Prefix;
        var options = Parse(settings.ConnectionString);
        _multiplexer = new(() => ConnectionMultiplexer.ConnectAsync(options));
    }

    public string Prefix { get; }

    /// <summary>
    /// Whether Redis does not answer, or not as it should: it goes or comes, or only a copy is there that takes no writes (which its client
    /// has an exception apart for).
    /// </summary>
    public static bool IsAway(Exception e) => e is RedisException or RedisCommandException or TimeoutException or ObjectDisposedException;

    /// <summary>Done soon, connected or not; while it is not, it goes on trying.</summary>
    public Task<ConnectionMultiplexer> GetAsync() => _multiplexer.Value;

    public async ValueTask DisposeAsync()
    {
        if (_multiplexer.IsValueCreated) await (await _multiplexer.Value).DisposeAsync();
    }

    private static ConfigurationOptions Parse(string text)
    {
        try
        {
            var options = ConfigurationOptions.Parse(text);
            options.ClientName ??= "synthstudio";
            options.AbortOnConnectFail = false;
            options.BacklogPolicy = BacklogPolicy.FailFast;
            options.ConnectTimeout = ConnectMilliseconds;
            options.AsyncTimeout = AnswerMilliseconds;
            options.SyncTimeout = AnswerMilliseconds;
            return options;
        }
        catch (ArgumentException e)
        {
            throw new ServerStartException($"SynthStudio:Redis:ConnectionString cannot be read. {e.Message}", e);
        }
    }
}
