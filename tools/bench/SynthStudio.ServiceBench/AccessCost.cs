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
/// What authorization and audit trail add to a unary call: two servers that differ in the interceptors that do it alone, called in turn,
/// the one that comes first changing. Both live in one process, on data of their own: no two processes are laid out and compiled alike, and
/// their difference by chance is many times what is measured here. Compared are the median time of a call of one caller, who waits for each
/// answer, by turns so short that a machine's swings meet both, and the processor time a call with 64 callers, by turns that its clock can
/// tell; given are medians and quartiles of the pairs. Processes are started anew several times. What the trail writes behind an answer
/// (how the update ended) falls into the next call, which follows at once, and into the processor time; only what it signs every two
/// seconds can fall into the other server's turn.
/// </summary>
internal static class AccessCost
{
    private const int InFlight = 64;
    private const int Launches = 3;

    /// <summary>Until all that they run through is compiled as well as it gets.</summary>
    private const int WarmCalls = 400;

    private static readonly Turns Alone = new(Callers: 1, Pairs: 80, TimeSpan.FromSeconds(0.05)), Many = new(InFlight, Pairs: 8, TimeSpan.FromSeconds(0.5));

    /// <summary>Serves a guarded server and an open one on a folder of data each, until the process is killed.</summary>
    public static async Task ServeAsync(string guarded, string open)
    {
        await using var first = await StartAsync(guarded, isGuarded: true);
        await using var second = await StartAsync(open, isGuarded: false);
        await first.WaitForShutdownAsync();
    }

    public static async Task<Measured> MeasureAsync(BenchOptions options)
    {
        using var folder = new TemporaryFolder();
        var table = options.Table ?? FifteenColumns.Write(folder["table.csv"], rows: 500);
        var (guardedOnes, openOnes) = (await Served.PrepareAsync(folder["guarded"], table), await Served.PrepareAsync(folder["open"], table));
        var (readAlone, readMany, writeAlone, writeMany) = (new Comparison(Alone), new Comparison(Many), new Comparison(Alone), new Comparison(Many));
        for (var launch = 0; launch < Launches; launch++)
        {
            using var process = await ServedTwice.LaunchAsync(folder["guarded"], folder["open"]);
            using var guarded = Served.Connect(folder["guarded"], guardedOnes);
            using var open = Served.Connect(folder["open"], openOnes);
            foreach (var served in new[] { guarded, open }) await Served.WarmAsync(WarmCalls, served.ReadAsync);
            await readAlone.MeasureAsync(process, guarded, open, (served, caller) => served.ReadAsync(caller));
            await readMany.MeasureAsync(process, guarded, open, (served, caller) => served.ReadAsync(caller));
            foreach (var served in new[] { guarded, open }) await Served.WarmAsync(WarmCalls / 10, served.WriteAsync);
            await writeAlone.MeasureAsync(process, guarded, open, (served, caller) => served.WriteAsync(caller));
            await writeMany.MeasureAsync(process, guarded, open, (served, caller) => served.WriteAsync(caller));
        }

        return new Measured(
            "authorization and audit beside a unary RPC without either",
            $"get generator {readAlone.Wait} time of a call, {readMany.Processor} processor time; audited update of it {writeAlone.Wait} time of a call, {writeMany.Processor} processor time",
            "< +5 %", "");
    }

    private static Task<EmbeddedServer> StartAsync(string folder, bool isGuarded) => EmbeddedServer.StartAsync(
        new ServerOptions { DataFolder = folder, GrpcPort = 0, HttpPort = 0, LogToConsole = false, WorkerPath = Repository.Worker },
        services =>
        {
            if (!isGuarded)
                services.AddSingleton(provider => InterceptorChain.Of(
                    provider, name => name is not (nameof(AccessInterceptor) or nameof(AuditInterceptor))));
        },
        CancellationToken.None);

    /// <summary>How two servers are called in turn: by so many at once, for so long each, so often.</summary>
    private sealed record Turns(int Callers, int Pairs, TimeSpan Slice);

    /// <summary>What a turn of calls cost: the median time until an answer and the server's processor time a call, in seconds.</summary>
    private sealed record Cost(double Wait, double Processor);

    private sealed class Comparison(Turns turns)
    {
        private readonly List<(Cost Mine, Cost Bare)> _pairs = [];

        public string Wait => Compare(cost => cost.Wait);

        public string Processor => Compare(cost => cost.Processor);

        public async Task MeasureAsync(ServedTwice process, Served guarded, Served open, Func<Served, int, Task> call)
        {
            for (var pair = -1; pair < turns.Pairs; pair++) // One more, to warm up.
            {
                var isFirst = int.IsEvenInteger(pair);
                var first = await RunAsync(process, isFirst ? guarded : open, call, turns);
                var second = await RunAsync(process, isFirst ? open : guarded, call, turns);
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

    private static async Task<Cost> RunAsync(ServedTwice process, Served served, Func<Served, int, Task> call, Turns turns)
    {
        var (clock, before) = (Stopwatch.StartNew(), process.ProcessorTime);
        var waits = await Task.WhenAll(Enumerable.Range(0, turns.Callers).Select(async caller =>
        {
            var times = new List<double>();
            while (clock.Elapsed < turns.Slice)
            {
                var start = Stopwatch.GetTimestamp();
                await call(served, caller);
                times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }

            return times;
        }));
        double[] all = [.. waits.SelectMany(times => times).Order()];
        return new Cost(Latencies.Percentile(all, 0.5), (process.ProcessorTime - before).TotalSeconds / all.Length);
    }

    /// <summary>The process of both servers.</summary>
    private sealed class ServedTwice(Process process) : IDisposable
    {
        public TimeSpan ProcessorTime
        {
            get
            {
                process.Refresh();
                return process.TotalProcessorTime;
            }
        }

        public static async Task<ServedTwice> LaunchAsync(string guarded, string open)
        {
            string[] files = [AddressesOf(guarded), AddressesOf(open)];
            foreach (var file in files) File.Delete(file);
            var process = Process.Start(Environment.ProcessPath!, ["access-server", guarded, open]);
            while (!files.All(file => File.Exists(file) && new FileInfo(file).Length > 0))
            {
                if (process.HasExited) throw new InvalidOperationException("The servers did not start.");
                await Task.Delay(50);
            }

            return new ServedTwice(process);
        }

        public void Dispose()
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }
    }

    /// <summary>One of the servers, and a generator for each caller in it.</summary>
    private sealed class Served : IDisposable
    {
        private readonly GrpcChannel _channel;
        private readonly Studio _studio;
        private readonly string[] _generators; // One a caller: two updates of the same would be in each other's way.
        private int _writes;

        private Served(GrpcChannel channel, string[] generators) => (_channel, _studio, _generators) = (channel, new Studio(channel), generators);

        /// <summary>Makes the generators, by a guarded server, since services ask who makes what.</summary>
        public static async Task<string[]> PrepareAsync(string folder, string table)
        {
            Directory.CreateDirectory(folder);
            await using var server = await StartAsync(folder, isGuarded: true);
            using var maker = Connect(folder, []);
            var project = await maker._studio.CreateProjectAsync();
            var dataset = await maker._studio.UploadAsync(project, table);
            var made = await Task.WhenAll(Enumerable.Range(0, InFlight)
                .Select(_ => maker._studio.CreateGeneratorAsync(project, dataset.Name, TimeSpan.FromSeconds(5))));
            return [.. made.Select(generator => generator.Name)];
        }

        public static Served Connect(string folder, string[] generators)
        {
            using var addresses = JsonDocument.Parse(File.ReadAllText(AddressesOf(folder)));
            var key = File.ReadAllText(Path.Combine(folder, "admin.key")).Trim();
            return new Served(ServedProcess.Connect(new Uri(addresses.RootElement.GetProperty("Grpc").GetString()!), key), generators);
        }

        /// <summary>Calls by all callers.</summary>
        public static Task WarmAsync(int calls, Func<int, Task> call) => Task.WhenAll(Enumerable.Range(0, InFlight).Select(async caller =>
        {
            for (var made = 0; made < calls; made++) await call(caller);
        }));

        public Task<Generator> ReadAsync(int caller) =>
            _studio.Generators.GetGeneratorAsync(new GetGeneratorRequest { Name = _generators[caller] }).ResponseAsync;

        public Task<Generator> WriteAsync(int caller) => _studio.Generators.UpdateGeneratorAsync(new UpdateGeneratorRequest
        {
            Generator = new Generator { Name = _generators[caller], DisplayName = $"{Interlocked.Increment(ref _writes)}" },
            UpdateMask = new FieldMask { Paths = { "display_name" } },
        }).ResponseAsync;

        public void Dispose() => _channel.Dispose();
    }

    private static string AddressesOf(string folder) => Path.Combine(folder, "server.json");
}
