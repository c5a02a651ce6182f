using System.Diagnostics;
using System.Globalization;

namespace SynthStudio.ServiceBench;

/// <summary>
/// Four independent trainings on one compute silo, then on two, each pinned to a core with one slot; database, bucket and API run beside them. The clock
/// starts when every silo has trained once: a process that has just started is still compiling itself. What two cores of this machine are worth is measured
/// in the same run: the same trainings by workers alone, one after another, then two by two.
/// </summary>
internal static class TwoSilos
{
    private const int Trainings = 4;
    private const int Steps = 300;
    private const int FirstSteps = 20;
    private const int Rows = 4_000;

    public static async Task<Measured> MeasureAsync(BenchOptions options)
    {
        var one = await RunAsync(silos: 1);
        var two = await RunAsync(silos: 2);
        var (oneCore, twoCores) = await AloneAsync();
        return new Measured(
            "two compute silos against one, independent trainings, a core each",
            $"{one.Seconds / two.Seconds:F2}x ({one.Seconds:F0} s, {two.Seconds:F0} s; silos and API {one.Service:F0} and {two.Service:F0} processor s beside their workers'); "
            + $"workers alone {oneCore / twoCores:F2}x ({oneCore:F0} s, {twoCores:F0} s)",
            "1.7x",
            "1.95x");
    }

    /// <summary>Seconds on one core and on two.</summary>
    private static async Task<(double One, double Two)> AloneAsync()
    {
        using var folder = new TemporaryFolder();
        var table = FifteenColumns.Write(folder["table.csv"], Rows);
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Trainings; i++) await WorkerAlone.TrainAsync(table, folder[$"one{i}"], Steps, core: 1);
        var one = clock.Elapsed.TotalSeconds;
        clock.Restart();
        await Task.WhenAll(Enumerable.Range(0, 2).Select(async core =>
        {
            for (var i = 0; i < Trainings / 2; i++) await WorkerAlone.TrainAsync(table, folder[$"two{core}-{i}"], Steps, core);
        }));
        return (one, clock.Elapsed.TotalSeconds);
    }

    /// <summary>Seconds that the trainings took, and processor seconds of silos and API in that time without what their workers took.</summary>
    private static async Task<(double Seconds, double Service)> RunAsync(int silos)
    {
        using var folder = new TemporaryFolder();
        await using var cluster = await ClusterProcesses.CreateAsync();
        var processes = new List<ServedProcess>();
        for (var core = 0; core < silos; core++)
            processes.Add(await cluster.StartSiloAsync(["taskset", "-c", core.ToString(CultureInfo.InvariantCulture)], ("Slots", "1"), ("Threads", "1")));
        var api = await cluster.StartApiAsync();
        processes.Add(api);
        var studio = new Studio(api.Channel);
        var project = await studio.CreateProjectAsync();
        var dataset = await studio.UploadAsync(project, FifteenColumns.Write(folder["table.csv"], Rows));
        await TrainAsync(studio, project, dataset.Name, silos, FirstSteps);
        var taken = processes.Sum(process => process.OwnProcessorTime.TotalSeconds);
        var clock = Stopwatch.StartNew();
        await TrainAsync(studio, project, dataset.Name, Trainings, Steps);
        return (clock.Elapsed.TotalSeconds, processes.Sum(process => process.OwnProcessorTime.TotalSeconds) - taken);
    }

    /// <summary>Starts trainings, and waits until a watcher of each has seen its end.</summary>
    private static async Task TrainAsync(Studio studio, string project, string dataset, int trainings, int steps)
    {
        var watched = new List<Task>();
        for (var i = 0; i < trainings; i++)
        {
            var generator = await studio.Generators.CreateGeneratorAsync(new CreateGeneratorRequest
            {
                Parent = project,
                Generator = new Generator
                {
                    Dataset = dataset, Method = "autoregressive", HoldBack = HoldBack.Nothing, Options = { ["steps"] = steps.ToString(CultureInfo.InvariantCulture) },
                },
            });
            await studio.Generators.TrainGeneratorAsync(new TrainGeneratorRequest { Name = generator.Name });
            watched.Add(studio.WatchAsync(generator.Name).ToListAsync().AsTask());
        }

        await Task.WhenAll(watched);
    }
}
