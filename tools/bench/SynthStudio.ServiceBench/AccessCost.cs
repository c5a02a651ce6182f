using System.Diagnostics;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using SynthStudio.Api;
using SynthStudio.Api.Auditing;
using SynthStudio.Api.Authorization;
using SynthStudio.Hosting;

namespace SynthStudio.ServiceBench;

/// <summary>
/// What authorization and audit trail add to a unary call: two servers that differ in the interceptors that do it alone, called in turn for half a second
/// each, the one that comes first changing. Compared are the median time of a call of one caller, who waits for each answer, and the server's processor time a call with
/// 64 callers, which a busy machine disturbs least; given are medians and quartiles of the pairs. No two processes are laid out and compiled alike: servers are started
/// anew several times. What the trail writes behind an answer (how the update ended) falls into the next call, which follows at once, and into the processor time: nothing of it is left out.
/// </summary>
internal static class AccessCost
{
    private const int InFlight = 64;
    private const int Launches = 3;
    private const int WarmPairs = 1;
    private const int Pairs = 6;

    /// <summary>Until all that they run through is compiled as well as it gets.</summary>
    private const int WarmReads = 400;

    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(0.5);

    /// <summary>Serves on a data folder until it is killed.</summary>
    public static async Task ServeAsync(string folder, bool guarded)
    {
        await using var server = await EmbeddedServer.StartAsync(
            new ServerOptions { DataFolder = folder, GrpcPort = 0, HttpPort = 0, LogToConsole = false, WorkerPath = Repository.Worker },
            services =>
            {
                if (!guarded) services.AddSingleton(provider => InterceptorChain.Of(provider, name => name is not (nameof(AccessInterceptor) or nameof(AuditInterceptor))));
            },
            CancellationToken.None);
        await server.WaitForShutdownAsync();
    }

    public static async Task<Measured> MeasureAsync(BenchOptions options)
    {
        using var folder = new TemporaryFolder();
        var table = options.Table ?? FifteenColumns.Write(folder["table.csv"], rows: 500);
        var (guardedOnes, openOnes) = (await Served.PrepareAsync(folder["guarded"], table), await Served.PrepareAsync(folder["open"], table));
        var (readAlone, readMany, writeAlone, writeMany) = (new Comparison(), new Comparison(), new Comparison(), new Comparison());
        for (var launch = 0; launch < Launches; launch++)
        {
            using var guarded = await Served.LaunchAsync(folder["guarded"], guarded: true, guardedOnes);
            using var open = await Served.LaunchAsync(folder["open"], guarded: false, openOnes);
            foreach (var served in new[] { guarded, open }) await served.WarmAsync(WarmReads);
            await readAlone.MeasureAsync(guarded, open, (served, caller) => served.ReadAsync(caller), callers: 1);
            await readMany.MeasureAsync(guarded, open, (served, caller) => served.ReadAsync(caller), InFlight);
            await writeAlone.MeasureAsync(guarded, open, (served, caller) => served.WriteAsync(caller), callers: 1);
            await writeMany.MeasureAsync(guarded, open, (served, caller) => served.WriteAsync(caller), InFlight);
        }

        return new Measured(
            "authorization and audit beside a unary RPC without either",
            $"get generator {readAlone.Wait} time of a call, {readMany.Processor} processor time; audited update of it {writeAlone.Wait} time of a call, {writeMany.Processor} processor time",
            "< +5 %", "");
    }

    /// <summary>What a second of calls cost: the median time until an answer and the server's processor time a call, in seconds.</summary>
    private sealed record Cost(double Wait, double Processor);

    private sealed class Comparison
    {
        private readonly List<(Cost Mine, Cost Bare)> _pairs = [];

        public string Wait => Compare(cost => cost.Wait);

        public string Processor => Compare(cost => cost.Processor);

        public async Task MeasureAsync(Served guarded, Served open, Func<Served, int, Task> call, int callers)
        {
            for (var pair = -WarmPairs; pair < Pairs; pair++)
            {
                var isFirst = int.IsEvenInteger(pair);
                var first = await RunAsync(isFirst ? guarded : open, call, callers);
                var second = await RunAsync(isFirst ? open : guarded, call, callers);
                if (pair >= 0) _pairs.Add(isFirst ? (first, second) : (second, first));
            }
        }

        private string Compare(Func<Cost, double> figure)
        {
            double[] ratios = [.. _pairs.Select(pair => (figure(pair.Mine) / figure(pair.Bare)) - 1).Order()];
            return $"{Share(0.5)} (quartiles {Share(0.25)} and {Share(0.75)}; {Median(_pairs.Select(pair => figure(pair.Mine))) * 1e6:0.0} and {Median(_pairs.Select(pair => figure(pair.Bare))) * 1e6:0.0} µs)";

            string Share(double part) => $"{Latencies.Percentile(ratios, part):+0.0 %;-0.0 %}";
        }

        private static double Median(IEnumerable<double> values) => Latencies.Percentile([.. values.Order()], 0.5);
    }

    private static async Task<Cost> RunAsync(Served served, Func<Served, int, Task> call, int callers)
    {
        var (clock, before) = (Stopwatch.StartNew(), served.ProcessorTime);
        var waits = await Task.WhenAll(Enumerable.Range(0, callers).Select(async caller =>
        {
            var times = new List<double>();
            while (clock.Elapsed < Slice)
            {
                var start = Stopwatch.GetTimestamp();
                await call(served, caller);
                times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }

            return times;
        }));
        double[] all = [.. waits.SelectMany(times => times).Order()];
        return new Cost(Latencies.Percentile(all, 0.5), (served.ProcessorTime - before).TotalSeconds / all.Length);
    }

    /// <summary>A server in a process of its own, and a generator for each caller in it.</summary>
    private sealed class Served : IDisposable
    {
        private readonly Process _process;
        private readonly GrpcChannel _channel;
        private readonly Studio _studio;
        private readonly string[] _generators; // One a caller: two updates of the same would be in each other's way.
        private int _writes;

        private Served(Process process, GrpcChannel channel, string[] generators) => (_process, _channel, _studio, _generators) = (process, channel, new Studio(channel), generators);

        public TimeSpan ProcessorTime
        {
            get
            {
                _process.Refresh();
                return _process.TotalProcessorTime;
            }
        }

        /// <summary>Makes the generators, by a guarded server, since services ask who makes what.</summary>
        public static async Task<string[]> PrepareAsync(string folder, string table)
        {
            using var maker = await LaunchAsync(folder, guarded: true, []);
            var project = await maker._studio.CreateProjectAsync();
            var dataset = await maker._studio.UploadAsync(project, table);
            var made = await Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => maker._studio.CreateGeneratorAsync(project, dataset.Name, TimeSpan.FromSeconds(5))));
            return [.. made.Select(generator => generator.Name)];
        }

        /// <summary>Reads by all callers.</summary>
        public Task WarmAsync(int reads) => Task.WhenAll(Enumerable.Range(0, InFlight).Select(async caller =>
        {
            for (var read = 0; read < reads; read++) await ReadAsync(caller);
        }));

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

        public static async Task<Served> LaunchAsync(string folder, bool guarded, string[] generators)
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
            return new Served(process, ServedProcess.Connect(new Uri(addresses.RootElement.GetProperty("Grpc").GetString()!), key), generators);
        }
    }
}
