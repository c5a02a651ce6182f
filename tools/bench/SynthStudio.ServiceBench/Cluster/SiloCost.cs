using System.Diagnostics;
using System.Globalization;

namespace SynthStudio.ServiceBench;

/// <summary>
/// A training through API, queue, silo, log and store, until its watcher sees the end, against the same order given to a worker alone; in
/// turns.
/// </summary>
internal static class SiloCost
{
    private const int Rounds = 3;
    private const string Method = "autoregressive";
    private const int Steps = 700;
    private const int Rows = 10_000;

    public static async Task<Measured> MeasureAsync(BenchOptions options)
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServedProcess.StartAsync(folder["data"]);
        var studio = new Studio(server.Channel);
        var project = await studio.CreateProjectAsync();
        var table = FifteenColumns.Write(folder["table.csv"], Rows);
        var dataset = await studio.UploadAsync(project, table);
        var (alone, served) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            alone.Add(await WorkerAlone.TrainAsync(table, folder[$"scratch{round}"], Steps));
            served.Add(await ServedAsync(studio, project, dataset.Name));
        }

        alone.Sort();
        served.Sort();
        var (a, s) = (alone[Rounds / 2], served[Rounds / 2]);
        return new Measured($"a silo's cost to a training of {Steps} steps, medians of {Rounds}", $"{(s / a) - 1:P1} ({s:F1} s against {a:F1} s)", "8 %", "2 %");
    }

    private static async Task<double> ServedAsync(Studio studio, string project, string dataset)
    {
        var generator = await studio.Generators.CreateGeneratorAsync(new CreateGeneratorRequest
        {
            Parent = project,
            Generator = new Generator
            {
                Dataset = dataset, Method = Method, Options = { ["steps"] = Steps.ToString(CultureInfo.InvariantCulture) },
                HoldBack = HoldBack.Nothing,
            },
        });
        var clock = Stopwatch.StartNew();
        await studio.Generators.TrainGeneratorAsync(new TrainGeneratorRequest { Name = generator.Name });
        await foreach (var _ in studio.WatchAsync(generator.Name))
        {
        }

        return clock.Elapsed.TotalSeconds;
    }
}
