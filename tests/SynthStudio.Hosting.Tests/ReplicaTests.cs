using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using SynthStudio.Testing.Servers;

namespace SynthStudio.Hosting.Tests;

/// <summary>Two processes' worth of API and silo on one database, one bucket and one Redis.</summary>
[TestClass, DoNotParallelize]
public sealed class ReplicaTests
{
    /// <summary>What a replica has verified it believes for so long without asking.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("synthstudio-replicas-");
    private readonly List<EmbeddedServer> _replicas = [];
    private RedisServer _redis = null!;
    private string _admin = "";

    public TestContext TestContext { get; set; } = null!;

    [TestInitialize]
    public async Task StartAsync()
    {
        _redis = await RedisServer.StartAsync(TestContext.CancellationToken);
        var connection = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        var keyFile = Path.Combine(_folder.FullName, "admin.key");
        await new Migration(connection) { AdminKeyFile = keyFile }.ApplyAsync(TestContext.CancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(_folder.FullName, "ledger.key"), RandomNumberGenerator.GetBytes(32), TestContext.CancellationToken);
        _admin = (await File.ReadAllTextAsync(keyFile, TestContext.CancellationToken)).Trim();
        var s3 = await S3Server.SharedAsync();
        var prefix = $"{Guid.NewGuid():N}/";
        foreach (var name in new[] { "one", "other" })
        {
            _replicas.Add(await EmbeddedServer.StartAsync(
                new ServerOptions
                {
                    DataFolder = Path.Combine(_folder.FullName, name), GrpcPort = 0, HttpPort = 0, Compute = false, LogToConsole = false,
                    LedgerFolder = _folder.FullName,
                    Database = { Provider = "postgres", ConnectionString = connection },
                    Cluster = { AdvertisedAddress = "127.0.0.1", SiloPort = 0, GatewayPort = 0 },
                    Redis = { ConnectionString = _redis.Connection },
                    S3 = { Bucket = S3Server.Bucket, Endpoint = s3.Endpoint, AccessKey = S3Server.Key, SecretKey = S3Server.Key, Prefix = prefix },
                },
                TestContext.CancellationToken));
        }
    }

    [TestCleanup]
    public async Task StopAsync()
    {
        foreach (var replica in _replicas) await replica.DisposeAsync();
        _redis.Dispose();
        _folder.Delete(recursive: true);
    }

    [TestMethod]
    public async Task A_key_that_one_replica_revokes_is_refused_by_the_other_at_once_and_without_redis_within_seconds()
    {
        using var admin = Client(0, _admin);
        await RedisIsAsync("Healthy");

        for (var tries = 0; await UsedAfterItWasRevokedAsync(admin) >= Remembered; tries++)
            Assert.IsLessThan(10, tries, "Not before it is forgotten."); // On a busy machine Redis may not answer in time, and news are lost then.

        _redis.Kill();
        var (name, secret) = await CreateKeyAsync(admin);
        using (var user = Client(1, secret))
        {
            Assert.AreEqual(HttpStatusCode.OK, await TryAsync(user), "Everything works without Redis.");
            await RedisIsAsync("Degraded");
            Assert.AreEqual(HttpStatusCode.OK, await RevokeAsync(admin, name));
            for (var tries = 0; await TryAsync(user) == HttpStatusCode.OK; tries++)
            {
                Assert.IsLessThan(1200, tries, "The key was never refused.");
                await Task.Delay(100, TestContext.CancellationToken);
            }
        }
    }

    /// <summary>How long after the other replica was about to verify a key, which is revoked then, it has come to refuse it.</summary>
    private async Task<TimeSpan> UsedAfterItWasRevokedAsync(HttpClient admin)
    {
        var (name, secret) = await CreateKeyAsync(admin);
        using var user = Client(1, secret);
        var verified = Stopwatch.GetTimestamp();
        Assert.AreEqual(HttpStatusCode.OK, await TryAsync(user));
        Assert.AreEqual(HttpStatusCode.OK, await RevokeAsync(admin, name));
        while (await TryAsync(user) == HttpStatusCode.OK) await Task.Delay(50, TestContext.CancellationToken);
        return Stopwatch.GetElapsedTime(verified);
    }

    private HttpClient Client(int replica, string key)
    {
        var client = new HttpClient { BaseAddress = _replicas[replica].HttpAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    private async Task<(string Name, string Secret)> CreateKeyAsync(HttpClient admin)
    {
        var created = await admin.PostAsJsonAsync("v1/users/admin/apiKeys", new { displayName = "k" }, TestContext.CancellationToken);
        using var json = JsonDocument.Parse(await created.Content.ReadAsStringAsync(TestContext.CancellationToken));
        Assert.AreEqual(HttpStatusCode.OK, created.StatusCode, json.RootElement.ToString());
        return (json.RootElement.GetProperty("apiKey").GetProperty("name").GetString()!, json.RootElement.GetProperty("secret").GetString()!);
    }

    private async Task<HttpStatusCode> RevokeAsync(HttpClient admin, string key) =>
        (await admin.PostAsJsonAsync($"v1/{key}:revoke", new { }, TestContext.CancellationToken)).StatusCode;

    private async Task<HttpStatusCode> TryAsync(HttpClient client) =>
        (await client.GetAsync(new Uri("v1/projects", UriKind.Relative), TestContext.CancellationToken)).StatusCode;

    /// <summary>Waits until the other replica says that Redis is so.</summary>
    private async Task RedisIsAsync(string health)
    {
        using var client = Client(1, "");
        for (var tries = 0; ; tries++)
        {
            using var json = JsonDocument.Parse(await client.GetStringAsync("healthz/ready", TestContext.CancellationToken));
            var said = json.RootElement.GetProperty("checks").GetProperty("redis").GetString();
            if (said == health) return;
            Assert.IsLessThan(1200, tries, $"It stays {said}.");
            await Task.Delay(100, TestContext.CancellationToken);
        }
    }
}
