using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using SynthStudio.Api.Limits;
using SynthStudio.Api.Replicas;
using SynthStudio.Testing.Servers;

namespace SynthStudio.Hosting.Tests;

/// <summary>What replicas share through Redis, and that they do without it.</summary>
[TestClass, DoNotParallelize]
public sealed class RedisTests
{
    private static readonly BucketRate TwoAtOnce = new(PerSecond: 0.01, Size: 2);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly List<RedisConnection> _connections = [];
    private readonly Unanswered _unanswered = new();
    private RedisServer _server = null!;

    public TestContext TestContext { get; set; } = null!;

    [TestInitialize]
    public async Task StartAsync() => _server = await RedisServer.StartAsync(TestContext.CancellationToken);

    [TestCleanup]
    public async Task StopAsync()
    {
        foreach (var connection in _connections) await connection.DisposeAsync();
        _server.Dispose();
    }

    [TestMethod]
    public Task Replicas_share_a_callers_bucket_and_say_when_there_is_a_token() => AnsweredAsync(async caller =>
    {
        var (one, other) = (Limiter(), Limiter());
        Assert.AreEqual(TimeSpan.Zero, await one.TakeAsync(caller, TwoAtOnce));
        Assert.AreEqual(TimeSpan.Zero, await other.TakeAsync(caller, TwoAtOnce));
        foreach (var replica in new[] { one, other })
        {
            var wait = await replica.TakeAsync(caller, TwoAtOnce);
            Assert.IsTrue(wait > TimeSpan.FromSeconds(50) && wait <= TimeSpan.FromSeconds(100), $"{wait}");
        }

        Assert.AreEqual(TimeSpan.Zero, await one.TakeAsync($"{caller}b", TwoAtOnce), "another caller has another bucket");
        var fast = new BucketRate(PerSecond: 100, Size: 1);
        Assert.AreEqual(TimeSpan.Zero, await one.TakeAsync($"{caller}c", fast));
        await UntilAsync(async () => await other.TakeAsync($"{caller}c", fast) == TimeSpan.Zero); // It fills again.
    });

    [TestMethod]
    public Task Of_many_calls_at_once_over_replicas_as_many_pass_as_there_are_tokens() => AnsweredAsync(async caller =>
    {
        IRequestLimiter[] replicas = [Limiter(), Limiter(), Limiter()];
        var rate = new BucketRate(PerSecond: 0.01, Size: 10);
        var waits = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => replicas[i % 3].TakeAsync(caller, rate).AsTask()));
        Assert.AreEqual(10, waits.Count(w => w == TimeSpan.Zero));
    });

    [TestMethod]
    public async Task Replicas_share_the_places_of_a_callers_streams_and_those_given_back_are_free()
    {
        var redis = Connect();
        RedisStreamLimiter[] replicas = [Streams(redis), Streams(Connect()), Streams(Connect())];
        await AnsweredAsync(async caller =>
        {
            var places = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => replicas[i % 3].TryEnterAsync(caller, 7).AsTask()));
            Assert.AreEqual(7, places.Count(place => place is not null));
            Assert.IsNotNull(await replicas[1].TryEnterAsync($"{caller}b", 7), "another caller has places of their own");

            await places.First(place => place is not null)!.DisposeAsync();
            Assert.IsNotNull(await replicas[2].TryEnterAsync(caller, 7));
            Assert.IsNull(await replicas[0].TryEnterAsync(caller, 7));

            // As after the death of all that held them: nobody renews, and the minute is over.
            await (await redis.GetAsync()).GetDatabase().ScriptEvaluateAsync(
                "for _, m in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do redis.call('ZADD', KEYS[1], 1, m) end", [$"{redis.Prefix}streams:{caller}"]);
            Assert.IsNotNull(await replicas[0].TryEnterAsync(caller, 7));
        });

        _server.Kill();
        Assert.IsNotNull(await replicas[0].TryEnterAsync("users/a", 1), "without Redis each counts by itself");
        Assert.IsNull(await replicas[0].TryEnterAsync("users/a", 1));
    }

    [TestMethod]
    public Task A_place_that_is_given_back_while_it_is_to_be_renewed_is_free() => AnsweredAsync(async caller =>
    {
        var streams = Streams(Connect());
        var place = (RedisStreamLimiter.Place)(await streams.TryEnterAsync(caller, 1))!;
        await streams.RenewAsync(place);
        Assert.IsNull(await streams.TryEnterAsync(caller, 1));

        await place.DisposeAsync();
        await streams.RenewAsync(place); // A round of renewals had it on its list.

        Assert.IsNotNull(await streams.TryEnterAsync(caller, 1));
    });

    [TestMethod]
    public async Task News_reach_the_other_replicas_and_not_their_sender()
    {
        var (sender, heardBySender) = await ChannelAsync();
        var (_, heard) = await ChannelAsync();
        ReplicaNews[] news = [new(ReplicaTopic.Project, "projects/p"), new(ReplicaTopic.Credentials)];
        await UntilAsync(async () =>
        {
            foreach (var one in news) await sender.TellAsync(one); // Again and again: on a busy machine Redis may not answer in time, and news are lost then.
            return heard.Distinct().Count() == news.Length;
        });
        CollectionAssert.AreEquivalent(news, heard.Distinct().ToArray());
        Assert.IsEmpty(heardBySender);
    }

    [TestMethod]
    public void A_redis_that_goes_or_of_which_only_a_copy_is_left_is_away()
    {
        Exception[] away =
        [
            new RedisConnectionException(ConnectionFailureType.SocketClosed, "gone"), new TimeoutException(),
            new RedisServerException("LOADING Redis is loading the dataset in memory"),
            new RedisCommandException("Command cannot be issued to a replica: EVAL"),
            new ObjectDisposedException(nameof(ConnectionMultiplexer)),
        ];
        foreach (var met in away) Assert.IsTrue(RedisConnection.IsAway(met), met.ToString());
        Assert.IsFalse(RedisConnection.IsAway(new InvalidCastException()));
    }

    [TestMethod]
    public async Task Without_redis_each_replica_limits_by_itself_at_once_and_health_says_so_until_it_is_back()
    {
        var redis = Connect();
        var limiter = Limiter(redis);
        var health = new RedisHealth(redis);
        await UntilAsync(async () => (await health.CheckHealthAsync(new HealthCheckContext())).Status == HealthStatus.Healthy);
        var (sender, _) = await ChannelAsync();
        var (_, heard) = await ChannelAsync();

        _server.Kill();
        var took = Stopwatch.StartNew();
        Assert.AreEqual(TimeSpan.Zero, await limiter.TakeAsync("users/a", TwoAtOnce));
        Assert.AreEqual(TimeSpan.Zero, await limiter.TakeAsync("users/a", TwoAtOnce));
        Assert.IsGreaterThan(TimeSpan.Zero, await limiter.TakeAsync("users/a", TwoAtOnce));
        await sender.TellAsync(new ReplicaNews(ReplicaTopic.Credentials)); // Says nothing.
        Assert.IsLessThan(Soon, took.Elapsed, "Nobody waits for Redis.");
        Assert.AreEqual(HealthStatus.Degraded, (await health.CheckHealthAsync(new HealthCheckContext())).Status);

        await _server.RestartAsync(TestContext.CancellationToken);
        await UntilAsync(async () => (await health.CheckHealthAsync(new HealthCheckContext())).Status == HealthStatus.Healthy);
        await UntilAsync(async () =>
        {
            await sender.TellAsync(new ReplicaNews(ReplicaTopic.Credentials));
            return !heard.IsEmpty;
        });
    }

    /// <summary>
    /// Does what counts on every answer of Redis; once more for another caller where one did not come in time,
    /// as on a busy machine: replicas count apart then.
    /// </summary>
    private async Task AnsweredAsync(Func<string, Task> check)
    {
        for (var times = 0; ; times++)
        {
            var before = _unanswered.Count;
            try
            {
                await check($"users/{times}");
                return;
            }
            catch (Exception) when (_unanswered.Count > before && times < 20)
            {
                // It says nothing of replicas that count together.
            }
        }
    }

    private RedisConnection Connect()
    {
        var connection = new RedisConnection(new RedisSettings { ConnectionString = _server.Connection });
        _connections.Add(connection);
        return connection;
    }

    private RedisRequestLimiter Limiter(RedisConnection? redis = null) =>
        new(redis ?? Connect(), new LocalRequestLimiter(TimeProvider.System), _unanswered);

    private RedisStreamLimiter Streams(RedisConnection redis) => new(redis, new LocalStreamLimiter(), TimeProvider.System, _unanswered);

    private async Task<(RedisReplicaChannel Channel, ConcurrentBag<ReplicaNews> Heard)> ChannelAsync()
    {
        var channel = new RedisReplicaChannel(Connect(), TimeProvider.System, NullLogger<RedisReplicaChannel>.Instance);
        var heard = new ConcurrentBag<ReplicaNews>();
        channel.Heard += heard.Add;
        await channel.StartAsync(TestContext.CancellationToken);
        await channel.ExecuteTask!;
        return (channel, heard);
    }

    private Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    private async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var waited = Stopwatch.StartNew(); !await condition(); await Task.Delay(20, TestContext.CancellationToken))
            Assert.IsLessThan(TimeSpan.FromMinutes(2), waited.Elapsed, "It never came.");
    }

    /// <summary>A log that counts how often Redis did not answer.</summary>
    private sealed class Unanswered : ILogger<RedisRequestLimiter>, ILogger<RedisStreamLimiter>
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Interlocked.Increment(ref _count);
    }
}
