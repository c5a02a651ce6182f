using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SynthStudio.Api.Readiness;
using SynthStudio.Compute;
using SynthStudio.Testing.Servers;

namespace SynthStudio.Hosting.Tests;

/// <summary>What operators ask of a host that computes, and what they see of it.</summary>
[TestClass, DoNotParallelize]
public sealed class SiloTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("synthstudio-silo-");
    private string _admin = "";

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [TestMethod]
    public async Task A_cordoned_silo_of_a_cluster_is_cordoned_when_it_comes_back()
    {
        var options = await ClusterAsync(await S3Server.SharedAsync());
        var name = $"{Environment.MachineName}-{options.Cluster.SiloPort}";
        await AssertCordonSurvivesAsync(options, name);
    }

    [TestMethod]
    public async Task A_cordoned_server_on_a_data_folder_is_cordoned_when_it_comes_back()
    {
        var options = Options();
        _admin = await AssertStartsAsync(options);
        await AssertCordonSurvivesAsync(options, Environment.MachineName);
    }

    [TestMethod]
    public async Task Silos_are_named_by_the_operator_else_by_host_and_by_port_where_that_is_not_the_usual_one()
    {
        Assert.AreEqual("rack-7.gpu", new ClusterSettings { SiloName = "rack-7.gpu" }.NameOfSilo(12000));
        Assert.AreEqual(Environment.MachineName, new ClusterSettings().NameOfSilo(11111));
        Assert.AreEqual($"{Environment.MachineName}-12000", new ClusterSettings().NameOfSilo(12000));
        var options = Options();
        options.Cluster.SiloName = "rack 7";
        var error = await Assert.ThrowsExactlyAsync<ServerStartException>(() => EmbeddedServer.StartAsync(options, Cancellation));
        Assert.Contains("SynthStudio:Cluster:SiloName must be at most 100 letters", error.Message);
    }

    [TestMethod]
    public async Task A_process_without_its_bucket_lives_and_is_not_ready_until_the_bucket_is_back()
    {
        using var s3 = await S3Server.StartAsync(Cancellation);
        foreach (var role in new[] { ServerRole.All, ServerRole.Silo })
        {
            var options = await ClusterAsync(s3);
            options.Role = role;
            await using var server = await EmbeddedServer.StartAsync(options, Cancellation);
            Assert.AreEqual((HttpStatusCode.OK, "Healthy"), await ObjectsAsync(server, "Healthy"), $"{role}");

            s3.Kill();
            Assert.AreEqual((HttpStatusCode.ServiceUnavailable, "Unhealthy"), await ObjectsAsync(server, "Unhealthy"), $"{role}");
            using (var http = new HttpClient { BaseAddress = server.HttpAddress })
            using (var live = await http.GetAsync(new Uri("healthz/live", UriKind.Relative), Cancellation))
            {
                Assert.AreEqual(HttpStatusCode.OK, live.StatusCode);
            }

            await s3.RestartAsync(Cancellation);
            Assert.AreEqual((HttpStatusCode.OK, "Healthy"), await ObjectsAsync(server, "Healthy"), $"{role}");
        }
    }

    [TestMethod]
    public async Task A_silo_that_has_done_nothing_yet_shows_its_workers()
    {
        var options = Options();
        options.Telemetry.MetricsPort = Ports.FindFree();
        await using var server = await EmbeddedServer.StartAsync(options, Cancellation);
        using var http = new HttpClient();

        var figures = await http.GetStringAsync(new Uri($"http://127.0.0.1:{options.Telemetry.MetricsPort}/metrics"), Cancellation);

        Assert.Contains("\nsynthstudio_workers_memory_bytes", figures);
        Assert.MatchesRegex(@"\nsynthstudio_workers(\{[^}]*\})? 0\s", figures);
    }

    /// <summary>
    /// Hosts tell services that they stop in the opposite order: who waits while the process still serves is
    /// told before trainings begin to leave.
    /// </summary>
    [TestMethod]
    public async Task Trainings_are_the_first_of_hosted_services_and_so_the_last_to_hear_of_a_stop()
    {
        List<Assembly> hosted = [];
        await using (await EmbeddedServer.StartAsync(
            Options(),
            services => hosted = [.. services.Where(s => s.ServiceType == typeof(IHostedService)).Select(AssemblyOf)],
            Cancellation))
        {
            Assert.IsGreaterThan(2, hosted.Count);
            Assert.AreEqual(typeof(ComputeOptions).Assembly, hosted[0]);
            Assert.Contains(typeof(ApiHealth).Assembly, hosted);
        }

        static Assembly AssemblyOf(ServiceDescriptor service) =>
            (service.ImplementationType ?? service.ImplementationInstance?.GetType() ?? service.ImplementationFactory!.Method.DeclaringType!).Assembly;
    }

    private async Task AssertCordonSurvivesAsync(ServerOptions options, string name)
    {
        await using (var server = await EmbeddedServer.StartAsync(options, Cancellation))
        {
            Assert.IsFalse(await IsCordonedAsync(server, name));
            using var http = Client(server);
            (await http.PostAsJsonAsync($"v1/cluster/silos/{name}:cordon", new { }, Cancellation)).EnsureSuccessStatusCode();
        }

        await using var again = await EmbeddedServer.StartAsync(options, Cancellation);
        Assert.IsTrue(await IsCordonedAsync(again, name));
    }

    /// <summary>Waits until the silo reported; then it is the only one, and none that is cordoned is away.</summary>
    private async Task<bool> IsCordonedAsync(EmbeddedServer server, string name)
    {
        using var http = Client(server);
        for (var tries = 0; ; tries++)
        {
            using var json = JsonDocument.Parse(await http.GetStringAsync("v1/cluster", Cancellation));
            var cluster = json.RootElement;
            if (cluster.GetProperty("silos").GetArrayLength() > 0)
            {
                var silo = cluster.GetProperty("silos").EnumerateArray().Single();
                Assert.AreEqual(name, silo.GetProperty("name").GetString());
                Assert.AreEqual(0, cluster.GetProperty("absentCordonedSilos").GetArrayLength());
                return silo.GetProperty("cordoned").GetBoolean();
            }

            Assert.IsLessThan(1200, tries, "The silo never reported.");
            await Task.Delay(100, Cancellation);
        }
    }

    /// <summary>What is said of the bucket, and of all. Answers are kept for a second: another one than expected is asked for again for a while.</summary>
    private async Task<(HttpStatusCode Ready, string Objects)> ObjectsAsync(EmbeddedServer server, string expected)
    {
        using var http = new HttpClient { BaseAddress = server.HttpAddress };
        for (var left = 600; ; left--)
        {
            using var answer = await http.GetAsync(new Uri("healthz/ready", UriKind.Relative), Cancellation);
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
            var said = json.RootElement.GetProperty("checks").GetProperty("objects").GetString()!;
            if (said == expected || left == 0) return (answer.StatusCode, said);
            await Task.Delay(TimeSpan.FromMilliseconds(200), Cancellation);
        }
    }

    private async Task<string> AssertStartsAsync(ServerOptions options)
    {
        await using var server = await EmbeddedServer.StartAsync(options, Cancellation);
        return server.AdminKey;
    }

    private HttpClient Client(EmbeddedServer server)
    {
        var http = new HttpClient { BaseAddress = server.HttpAddress };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _admin);
        return http;
    }

    private async Task<ServerOptions> ClusterAsync(S3Server s3)
    {
        var connection = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        var keyFile = Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.key");
        await new Migration(connection) { AdminKeyFile = keyFile }.ApplyAsync(Cancellation);
        _admin = (await File.ReadAllTextAsync(keyFile, Cancellation)).Trim();
        await File.WriteAllBytesAsync(Path.Combine(_folder.FullName, "ledger.key"), RandomNumberGenerator.GetBytes(32), Cancellation);
        var options = Options();
        options.LedgerFolder = _folder.FullName;
        options.Database.Provider = "postgres";
        options.Database.ConnectionString = connection;
        options.Cluster.AdvertisedAddress = "127.0.0.1";
        (options.Cluster.SiloPort, options.Cluster.GatewayPort) = (Ports.FindFree(), Ports.FindFree());
        (options.S3.Bucket, options.S3.Endpoint, options.S3.AccessKey, options.S3.SecretKey, options.S3.Prefix) =
            (S3Server.Bucket, s3.Endpoint, S3Server.Key, S3Server.Key, $"{Guid.NewGuid():N}/");
        return options;
    }

    /// <summary>A silo that computes, without the worker executable: it starts none ahead.</summary>
    private ServerOptions Options() => new()
    {
        DataFolder = Path.Combine(_folder.FullName, "data"), GrpcPort = 0, HttpPort = 0, LogToConsole = false,
        Workers = { WarmWorker = false, Accelerator = "cpu" },
    };
}
