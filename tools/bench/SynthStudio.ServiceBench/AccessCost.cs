using System.Diagnostics;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Grpc.AspNetCore.Server;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using SynthStudio.Hosting;

namespace SynthStudio.ServiceBench;

/// <summary>
/// What authorization and audit trail add to a unary call: two servers side by side, one without the interceptors that do it, called in turn. Compared are
/// the time of a call by one caller, who waits for each answer, and the server's processor time a call by 64 callers, which a busy machine disturbs least.
/// </summary>
internal static class AccessCost
{
    private const int InFlight = 64;
    private const int Rounds = 6;

    private static readonly string[] Guards = ["AccessInterceptor", "AuditInterceptor"];
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);

    /// <summary>Serves on a data folder until it is killed.</summary>
    public static async Task ServeAsync(string folder, bool guarded)
    {
        await using var server = await EmbeddedServer.StartAsync(
            new ServerOptions { DataFolder = folder, GrpcPort = 0, HttpPort = 0, LogToConsole = false, WorkerPath = Repository.Worker },
            services => services.PostConfigureAll<GrpcServiceOptions>(grpc =>
            {
                foreach (var guard in guarded ? [] : grpc.Interceptors.Where(i => Guards.Contains(i.Type.Name)).ToArray()) grpc.Interceptors.Remove(guard);
            }),
            CancellationToken.None);
        await server.WaitForShutdownAsync();
    }

    public static async Task<Measured> MeasureAsync(BenchOptions options)
    {
        using var folder = new TemporaryFolder();
        var table = options.Table ?? FifteenColumns.Write(folder["table.csv"], rows: 500);
        using var guarded = await Served.StartAsync(folder["guarded"], guarded: true, table);
        using var open = await Served.StartAsync(folder["open"], guarded: false, table);
        var read = await CompareAsync(guarded, open, (served, caller) => served.ReadAsync(caller));
        var write = await CompareAsync(guarded, open, (served, caller) => served.WriteAsync(caller));
        return new Measured("authorization and audit beside a unary RPC without either", $"get generator {read}; audited update of it {write}", "< +5 %", "");
    }

    private static async Task<string> CompareAsync(Served guarded, Served open, Func<Served, int, Task> call)
    {
        var (alone, bareAlone) = await MeasureAsync(guarded, open, call, callers: 1);
        var (many, bareMany) = await MeasureAsync(guarded, open, call, InFlight);
        return $"{Ratio(alone.Wait, bareAlone.Wait)} time of a call ({alone.Wait * 1e6:0} and {bareAlone.Wait * 1e6:0} µs), "
            + $"{Ratio(many.Each, bareMany.Each)} processor time ({many.Each * 1e6:0} and {bareMany.Each * 1e6:0} µs; {many.Rate:N0} and {bareMany.Rate:N0}/s)";
    }

    private static string Ratio(double mine, double bare) => $"{(mine / bare) - 1:+0.0 %;-0.0 %}";

    private static async Task<(Cost Mine, Cost Bare)> MeasureAsync(Served guarded, Served open, Func<Served, int, Task> call, int callers)
    {
        var (mine, bare) = (new Cost(), new Cost());
        for (var round = 0; round < Rounds; round++)
        {
            // In turn, so that a noisy minute hits both; the first round warms up.
            var isWarm = round > 0;
            foreach (var (served, cost) in new[] { (guarded, mine), (open, bare) }) await RunAsync(served, call, callers, isWarm ? cost : new Cost());
        }

        return (mine, bare);
    }

    private static async Task RunAsync(Served served, Func<Served, int, Task> call, int callers, Cost cost)
    {
        var (clock, before) = (Stopwatch.StartNew(), served.ProcessorTime);
        var counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(async caller =>
        {
            var calls = 0;
            for (; clock.Elapsed < Duration; calls++) await call(served, caller);
            return calls;
        }));
        cost.Calls += counts.Sum();
        cost.Callers = callers;
        cost.Seconds += clock.Elapsed.TotalSeconds;
        cost.Processor += (served.ProcessorTime - before).TotalSeconds;
    }

    private sealed class Cost
    {
        public double Calls { get; set; }

        public int Callers { get; set; }

        public double Seconds { get; set; }

        public double Processor { get; set; }

        public double Each => Processor / Calls;

        public double Rate => Calls / Seconds;

        /// <summary>Seconds until the answer.</summary>
        public double Wait => Callers / Rate;
    }

    /// <summary>A server in a process of its own, and a generator for each caller in it.</summary>
    private sealed class Served : IDisposable
    {
        private readonly Process _process;
        private readonly GrpcChannel _channel;
        private readonly Studio _studio;
        private string[] _generators = []; // One a caller: two updates of the same would be in each other's way.
        private int _writes;

        private Served(Process process, GrpcChannel channel) => (_process, _channel, _studio) = (process, channel, new Studio(channel));

        public TimeSpan ProcessorTime
        {
            get
            {
                _process.Refresh();
                return _process.TotalProcessorTime;
            }
        }

        /// <summary>Makes the generators by a guarded server, since services ask who makes what, then starts the one to measure on the same folder.</summary>
        public static async Task<Served> StartAsync(string folder, bool guarded, string table)
        {
            string[] generators;
            using (var maker = await LaunchAsync(folder, guarded: true))
            {
                var project = await maker._studio.CreateProjectAsync();
                var dataset = await maker._studio.UploadAsync(project, table);
                generators = [.. (await Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => maker._studio.CreateGeneratorAsync(project, dataset.Name, TimeSpan.FromSeconds(5))))).Select(g => g.Name)];
            }

            var served = await LaunchAsync(folder, guarded);
            served._generators = generators;
            return served;
        }

        public Task<Generator> ReadAsync(int caller) => _studio.Generators.GetGeneratorAsync(new GetGeneratorRequest { Name = _generators[caller] }).ResponseAsync;

        public Task<Generator> WriteAsync(int caller) => _studio.Generators.UpdateGeneratorAsync(new UpdateGeneratorRequest
        {
            Generator = new Generator { Name = _generators[caller], DisplayName = $"{Interlocked.Increment(ref _writes)}" }, UpdateMask = new FieldMask { Paths = { "display_name" } },
        }).ResponseAsync;

        public void Dispose()
        {
            _channel.Dispose();
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            _process.Dispose();
        }

        private static async Task<Served> LaunchAsync(string folder, bool guarded)
        {
            var file = Path.Combine(folder, "server.json");
            if (File.Exists(file)) File.Delete(file);
            var process = Process.Start(Environment.ProcessPath!, ["access-server", folder, guarded ? "guarded" : "open"]);
            while (!File.Exists(file) || new FileInfo(file).Length == 0)
            {
                if (process.HasExited) throw new InvalidOperationException("The server did not start.");
                await Task.Delay(50);
            }

            using var addresses = JsonDocument.Parse(await File.ReadAllTextAsync(file));
            var key = (await File.ReadAllTextAsync(Path.Combine(folder, "admin.key"))).Trim();
            return new Served(process, ServedProcess.Connect(new Uri(addresses.RootElement.GetProperty("Grpc").GetString()!), key));
        }
    }
}
