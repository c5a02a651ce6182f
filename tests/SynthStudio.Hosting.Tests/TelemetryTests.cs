using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;

namespace SynthStudio.Hosting.Tests;

/// <summary>What a server tells of itself, and to whom.</summary>
[TestClass, DoNotParallelize]
public sealed class TelemetryTests
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("synthstudio-telemetry-");
    private readonly ConcurrentBag<Activity> _activities = [];
    private EmbeddedServer _server = null!;
    private int _metricsPort;

    public TestContext TestContext { get; set; } = null!;

    [TestInitialize]
    public async Task StartAsync()
    {
        _metricsPort = FreePort.Find();
        _server = await EmbeddedServer.StartAsync(
            new ServerOptions
            {
                DataFolder = _folder.FullName, GrpcPort = 0, HttpPort = 0, Compute = false, LogToConsole = false,
                // Nobody listens there: a collector that is away disturbs nothing.
                Telemetry = { MetricsPort = _metricsPort, OtlpEndpoint = "http://127.0.0.1:1", TraceShare = 0 },
            },
            TestContext.CancellationToken);
    }

    [TestCleanup]
    public async Task StopAsync()
    {
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [TestMethod]
    public async Task Metrics_are_on_their_own_port_and_nowhere_else()
    {
        using var http = new HttpClient();
        await http.GetStringAsync(new Uri(_server.HttpAddress, "/healthz/ready"), TestContext.CancellationToken);
        var metrics = "";
        for (var waited = Stopwatch.StartNew(); !metrics.Contains("synthstudio_queue_length", StringComparison.Ordinal); await Task.Delay(200, TestContext.CancellationToken))
        {
            Assert.IsLessThan(TimeSpan.FromSeconds(20), waited.Elapsed, $"The gauges never came:\n{metrics}");
            metrics = await http.GetStringAsync(new Uri($"http://127.0.0.1:{_metricsPort}/metrics"), TestContext.CancellationToken);
        }

        foreach (var name in new[] { "synthstudio_silos", "http_server_request_duration_seconds_bucket", "orleans_", "dotnet_gc_collections_total" })
            Assert.Contains(name, metrics);

        using var forged = new HttpRequestMessage(HttpMethod.Get, new Uri(_server.HttpAddress, "/metrics")) { Headers = { Host = $"127.0.0.1:{_metricsPort}" } };
        using var answer = await http.SendAsync(forged, TestContext.CancellationToken);
        Assert.AreEqual(HttpStatusCode.NotFound, answer.StatusCode, "Whoever reaches the API's port does not reach the metrics, whatever they call it.");
    }

    [TestMethod]
    public async Task A_trace_that_a_caller_began_goes_on_through_the_api_into_the_grains()
    {
        using var listener = new ActivityListener { ShouldListenTo = _ => true, ActivityStopped = _activities.Add };
        ActivitySource.AddActivityListener(listener);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _server.AdminKey);
        var trace = ActivityTraceId.CreateRandom();
        http.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
        await http.GetStringAsync(new Uri(_server.HttpAddress, "/v1/serverInfo"), TestContext.CancellationToken);
        await http.GetStringAsync(new Uri(_server.HttpAddress, "/healthz/ready"), TestContext.CancellationToken);

        var sources = new HashSet<string>();
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromSeconds(10) && sources.Count < 2; await Task.Delay(50, TestContext.CancellationToken))
            sources = [.. _activities.Where(a => a.TraceId == trace).Select(a => a.Source.Name)];
        Assert.Contains("Microsoft.AspNetCore", sources);
        Assert.IsTrue(sources.Any(s => s.StartsWith("Microsoft.Orleans", StringComparison.Ordinal)), string.Join(", ", sources));
    }
}
