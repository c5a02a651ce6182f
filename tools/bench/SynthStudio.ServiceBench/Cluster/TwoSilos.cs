using System.Diagnostics;

namespace SynthStudio.ServiceBench;

/// <summary>Four independent trainings on one compute silo, then on two, each pinned to a core with one slot; database, bucket and API run beside them.</summary>
internal static class TwoSilos
{
    private const int Trainings = 4;

    public static async Task<Measured> MeasureAsync(BenchOptions options)
    {
        var one = await RunAsync(silos: 1);
        var two = await RunAsync(silos: 2);
        return new Measured(
            "two compute silos against one, independent trainings, a core each",
            $"{one.TotalSeconds / two.TotalSeconds:F2}x ({one.TotalSeconds:F0} s, {two.TotalSeconds:F0} s)", "1.7x", "1.95x");
    }

    private static async Task<TimeSpan> RunAsync(int silos)
    {
        using var folder = new TemporaryFolder();
        await using var cluster = await ClusterProcesses.CreateAsync();
        for (var core = 0; core < silos; core++)
            await cluster.StartSiloAsync(["taskset", "-c", core.ToString(System.Globalization.CultureInfo.InvariantCulture)], ("Slots", "1"), ("Threads", "1"));
        var api = await cluster.StartApiAsync();
        var studio = new Studio(api.Channel);
        var project = await studio.CreateProjectAsync();
        var dataset = await studio.UploadAsync(project, FifteenColumns.Write(folder["table.csv"], rows: 4_000));
        var clock = Stopwatch.StartNew();
        var trainings = new List<Task>();
        for (var i = 0; i < Trainings; i++)
        {
            var generator = await studio.Generators.CreateGeneratorAsync(new CreateGeneratorRequest
            {
                Parent = project, Generator = new Generator { Dataset = dataset.Name, Method = "autoregressive", Options = { ["steps"] = "300" }, HoldBack = HoldBack.Nothing },
            });
            await studio.Generators.TrainGeneratorAsync(new TrainGeneratorRequest { Name = generator.Name });
            trainings.Add(studio.WatchAsync(generator.Name).ToListAsync().AsTask());
        }

        await Task.WhenAll(trainings);
        return clock.Elapsed;
    }
}
