using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SynthStudio.Testing.Servers;

namespace SynthStudio.EndToEnd.Tests;

/// <summary>What operators see of a server that works: figures for Prometheus, traces for a collector.</summary>
[TestClass]
public sealed partial class TelemetryTests
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";

    /// <summary>What only machines with an NVIDIA GPU tell; its name is made as that of the workers' memory is.</summary>
    private const string OfGpus = "synthstudio_gpu_memory_bytes";

    private const string LabelOfGpus = "gpu";

    /// <summary>What operators are to see of a cluster at one glance, each by a figure that the dashboard asks for.</summary>
    private static readonly string[] Shown =
    [
        "synthstudio_rpc_calls_total", "synthstudio_queue_jobs", "synthstudio_leases_total", "synthstudio_training_steps_total", "synthstudio_training_loss",
        "synthstudio_privacy_epsilon_total", "synthstudio_uploads_bytes_total", "synthstudio_downloads_bytes_total", OfGpus, "orleans_grains",
        "orleans_messaging_processing_dispatcher_processed_total",
    ];

    /// <summary>How Prometheus tells apart what it asks.</summary>
    private static readonly string[] LabelsOfTargets = ["job", "instance"];

    /// <summary>What alerts look at when it rises.</summary>
    private static readonly string[] FromZero =
    [
        "synthstudio_rpc_faults_total", "synthstudio_audit_unsound_total", "synthstudio_audit_lost_outcomes_total", "event=\"lost\"", "kind=\"Training\",state=\"Failed\"",
    ];

    private static readonly TemporaryFolder Folder = new();
    private static readonly Collector Traces = new();
    private static readonly Uri Metrics = new($"http://127.0.0.1:{Ports.FindFree()}/metrics");
    private static readonly HttpClient Http = new();
    private static readonly HashSet<string> Told = [], Labels = [];
    private static ServedProcess server = null!;
    private static string atFirst = "", figures = "";

    /// <summary>Has a server train, draw and fail, and keeps what it tells meanwhile.</summary>
    [ClassInitialize]
    public static async Task WorkAsync(TestContext _)
    {
        server = await ServedProcess.StartHostAsync(Folder["data"], Path.Combine(Folder["data"], "admin.key"), new Dictionary<string, string>
        {
            ["Telemetry:MetricsPort"] = Metrics.Port.ToString(CultureInfo.InvariantCulture), ["CheckpointSeconds"] = "1",
            ["Telemetry:OtlpEndpoint"] = Traces.Address, ["Telemetry:OtlpProtocol"] = "http",
        });
        atFirst = await Http.GetStringAsync(Metrics);
        var working = TrainAllAsync();
        while (!working.IsCompleted)
        {
            // Some figures are told of what runs only.
            Keep(await Http.GetStringAsync(Metrics));
            await Task.WhenAny(working, Task.Delay(200));
        }

        await working;
        await Task.Delay(1000); // The exporter answers from memory for a while.
        figures = await Http.GetStringAsync(Metrics);
        Keep(figures);
    }

    [ClassCleanup]
    public static async Task StopAsync()
    {
        await server.DisposeAsync();
        Traces.Dispose();
        Http.Dispose();
        Folder.Dispose();
    }

    [TestMethod]
    public async Task Figures_are_told_on_their_own_port_and_the_dashboard_asks_for_no_others()
    {
        foreach (var zero in FromZero) Assert.Contains(zero, atFirst, "An alert does not see a figure rise that begins above zero.");
        Assert.MatchesRegex(EndedTraining(), figures);
        Assert.MatchesRegex(Steps(), figures);
        Assert.MatchesRegex(Calls(), figures);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "tools", "deploy"), "*.*", SearchOption.AllDirectories)
                     .Where(f => Path.GetExtension(f) is ".yaml" or ".json"))
        {
            var asked = Name().Matches(await File.ReadAllTextAsync(file)).Select(m => m.Value).Distinct().ToList();
            Assert.AreEqual("", string.Join(' ', asked.Except(Told).Except([OfGpus])), $"{file} asks for what no server tells.");
        }

        var dashboard = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "tools", "deploy", "observability", "grafana-dashboard.json"));
        Assert.AreEqual("", string.Join(' ', Shown.Where(figure => !dashboard.Contains(figure, StringComparison.Ordinal))), "The dashboard lacks them.");
        Assert.AreEqual("", string.Join(' ', Labels.Intersect(LabelsOfTargets)), "Prometheus puts its own in their place.");
        var named = Legend().Matches(dashboard).Select(m => m.Groups[1].Value).Distinct();
        Assert.AreEqual("", string.Join(' ', named.Except(Labels).Except([.. LabelsOfTargets, LabelOfGpus])), "Legends name lines by what no figure has.");

        Assert.AreEqual(HttpStatusCode.NotFound, (await Http.GetAsync(new Uri(server.Http, "/metrics"))).StatusCode);
        Assert.AreEqual(HttpStatusCode.NotFound, (await Http.GetAsync(new Uri(Metrics, "/v1/serverInfo"))).StatusCode);
    }

    [TestMethod]
    public async Task A_request_is_traced_from_its_client_through_the_grain_to_the_worker()
    {
        string[] awaited = ["run Training", "worker verify", "IGeneratorGrain/TrainAsync", "run Generation"];
        for (var i = 0; i < 600 && awaited.Any(name => Traces.TraceOf(name) is null); i++) await Task.Delay(200); // Traces are sent every five seconds.

        Assert.AreEqual(TraceId, Traces.TraceOf("run Training"));
        Assert.AreEqual(TraceId, Traces.TraceOf("worker verify"), "A step of the training.");
        Assert.AreEqual(TraceId, Traces.TraceOf("IGeneratorGrain/TrainAsync"));
        Assert.IsNotNull(Traces.TraceOf("run Generation"));
        Assert.AreNotEqual(TraceId, Traces.TraceOf("run Generation"));
    }

    private static void Keep(string told)
    {
        Told.UnionWith(Name().Matches(told).Select(m => m.Value));
        Labels.UnionWith(LabelsOf(told));
    }

    private static IEnumerable<string> LabelsOf(string figures) => OurLabels().Matches(figures).SelectMany(m => m.Groups[1].Captures).Select(c => c.Value);

    /// <summary>First what is traced, so that of spans of one name those of the trace come first.</summary>
    private static async Task TrainAllAsync()
    {
        var dataset = await TrainAndDrawAsync();
        await Task.WhenAll(TrainNetworksAsync(dataset), TrainPrivatelyAsync());
    }

    /// <summary>Trains a model within the trace, and draws rows outside of it.</summary>
    private static async Task<Dataset> TrainAndDrawAsync()
    {
        var studio = new Studio(server.Channel);
        var project = await studio.CreateProjectAsync();
        var dataset = await studio.UploadAsync(project, SampleTable.Write(Folder["people.csv"], rows: 500));
        var generator = await studio.Generators.CreateGeneratorAsync(
            new CreateGeneratorRequest { Parent = project, Generator = new Generator { Dataset = dataset.Name, Method = "copula" } });
        await studio.Generators.TrainGeneratorAsync(
            new TrainGeneratorRequest { Name = generator.Name }, new Metadata { { "traceparent", $"00-{TraceId}-b7ad6b7169203331-01" } });
        await studio.WatchAsync(generator.Name).ToListAsync();
        await studio.DrawAsync(project, generator.Name, rows: 10);
        return dataset;
    }

    /// <summary>Trains one network to its end, and one until its time is over.</summary>
    private static async Task TrainNetworksAsync(Dataset dataset)
    {
        var studio = new Studio(server.Channel);
        var project = dataset.Name[..dataset.Name.IndexOf("/datasets/", StringComparison.Ordinal)];
        await studio.WatchAsync((await studio.TrainAsync(project, dataset.Name, TimeSpan.FromMinutes(2))).Name).ToListAsync();
        var limited = await studio.Generators.CreateGeneratorAsync(
            new CreateGeneratorRequest { Parent = project, Generator = new Generator { Dataset = dataset.Name, Method = "autoregressive", Options = { ["steps"] = "100000" } } });
        await studio.Generators.TrainGeneratorAsync(
            new TrainGeneratorRequest { Name = limited.Name, Limits = new JobLimits { Total = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) } });
        Assert.AreEqual("TOTAL_TIME_EXCEEDED", (await studio.WatchAsync(limited.Name).ToListAsync())[^1].Error.Reason);
    }

    /// <summary>Trains under a promise, and fetches the model.</summary>
    private static async Task TrainPrivatelyAsync()
    {
        var studio = new Studio(server.Channel);
        var project = await studio.CreateProjectAsync();
        var rows = string.Concat(Enumerable.Range(0, 2000).Select(row => $"{(row % 3 == 0 ? "north" : "south")},{row % 31}\n"));
        var dataset = await studio.UploadAsync(
            project, "stays.csv", Encoding.UTF8.GetBytes("ward,days\n" + rows),
            """{"rows": 2000, "columns": {"ward": {"kind": "categorical", "values": ["north", "south"]}, "days": {"kind": "integer", "min": 0, "max": 30}}}""");
        await new PrivacyService.PrivacyServiceClient(server.Channel).SetPrivacyBudgetAsync(
            new SetPrivacyBudgetRequest { PrivacyBudget = new PrivacyBudget { Name = $"{dataset.Name}/privacyBudget", Epsilon = 2, Delta = 1e-5 } });
        var wanted = new Generator
        {
            Dataset = dataset.Name, Method = "mst", HoldBack = HoldBack.Nothing,
            PrivacyTerms = new PrivacyTerms { Epsilon = 1, Delta = 1e-6 },
        };
        var generator = await studio.Generators.CreateGeneratorAsync(new CreateGeneratorRequest { Parent = project, Generator = wanted });
        await studio.Generators.TrainGeneratorAsync(new TrainGeneratorRequest { Name = generator.Name });
        var end = (await studio.WatchAsync(generator.Name).ToListAsync())[^1];
        Assert.AreEqual(JobState.Succeeded, end.State, end.Error?.Message);
        using var package = studio.Generators.ExportGenerator(new ExportGeneratorRequest { Name = generator.Name });
        await package.ResponseStream.ReadAllAsync().ToListAsync();
    }

    [GeneratedRegex("""synthstudio_jobs_ended_total\{[^}]*kind="Training"[^}]*state="Succeeded"[^}]*\} [123]""")]
    private static partial Regex EndedTraining();

    [GeneratedRegex("""synthstudio_training_steps_total(\{[^}]*\})? [1-9]""")]
    private static partial Regex Steps();

    [GeneratedRegex("""synthstudio_rpc_calls_total\{[^}]*method="/synthstudio.v1.GeneratorService/TrainGenerator"[^}]*status="OK"[^}]*\} 4""")]
    private static partial Regex Calls();

    /// <summary>A line of one of our figures, with the names of its labels.</summary>
    [GeneratedRegex("""^synthstudio_[a-z_]+\{(?:([a-z_]+)="[^"]*",?)*\}""", RegexOptions.Multiline)]
    private static partial Regex OurLabels();

    /// <summary>A label in a legend.</summary>
    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Legend();

    [GeneratedRegex("(synthstudio|orleans)_[a-z_]+")]
    private static partial Regex Name();

    /// <summary>Takes traces as an OpenTelemetry collector does, over HTTP.</summary>
    private sealed class Collector : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly List<byte[]> _bodies = [];

        public Collector()
        {
            var port = Ports.FindFree();
            Address = $"http://127.0.0.1:{port}/v1/traces";
            _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            _listener.Start();
            _ = TakeAsync();
        }

        public string Address { get; }

        public void Dispose() => _listener.Close();

        /// <summary>
        /// The trace id of the first span of that name, null if none came; read off OTLP's bytes: field 1 of a span is the
        /// trace id, field 2 the span's own, field 5 the name.
        /// </summary>
        public string? TraceOf(string name)
        {
            lock (_bodies)
            {
                foreach (var body in _bodies)
                {
                    var at = body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(name));
                    var start = at < 0 ? -1 : body.AsSpan(0, at).LastIndexOf((byte[])[0x12, 0x08]);
                    while (start > 0 && (start < 18 || body[start - 18] != 0x0a || body[start - 17] != 0x10))
                        start = body.AsSpan(0, start).LastIndexOf((byte[])[0x12, 0x08]);
                    if (start > 0) return Convert.ToHexStringLower(body.AsSpan(start - 16, 16));
                }
            }

            return null;
        }

        private async Task TakeAsync()
        {
            while (_listener.IsListening)
            {
                try
                {
                    var context = await _listener.GetContextAsync();
                    using var body = new MemoryStream();
                    await context.Request.InputStream.CopyToAsync(body);
                    lock (_bodies) _bodies.Add(body.ToArray());
                    context.Response.Close();
                }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
            }
        }
    }
}
