using System.Diagnostics;

namespace SynthStudio.ServiceBench;

/// <summary>A page of 50 out of 10,000 generators, and what the server's memory is with them.</summary>
internal static class IdleGenerators
{
    private const int Generators = 10_000;
    private const int Pages = 500;
    private const int Parallel = 16;

    public static async Task<Measured> MeasureAsync(BenchOptions options)
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServedProcess.StartAsync(folder["data"]);
        var studio = new Studio(server.Channel);
        var project = await studio.CreateProjectAsync();
        var dataset = await studio.UploadAsync(project, FifteenColumns.Write(folder["table.csv"], rows: 1000));
        await System.Threading.Tasks.Parallel.ForEachAsync(
            Enumerable.Range(0, Generators), new ParallelOptions { MaxDegreeOfParallelism = Parallel },
            async (_, cancellation) => await studio.Generators.CreateGeneratorAsync(
                new CreateGeneratorRequest { Parent = project, Generator = new Generator { Dataset = dataset.Name, Method = "copula" } },
                cancellationToken: cancellation));

        var times = new List<double>();
        var token = "";
        for (var page = 0; page < Pages; page++)
        {
            var began = Stopwatch.GetTimestamp();
            var answer = await studio.Generators.ListGeneratorsAsync(new ListGeneratorsRequest { Parent = project, PageSize = 50, PageToken = token });
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            token = answer.NextPageToken;
        }

        times.Sort();
        return new Measured(
            $"{Generators:N0} idle generators: list page p99, memory of the silo",
            $"{Latencies.Percentile(times, .99):F1} ms (p50 {Latencies.Percentile(times, .5):F1}), {server.ResidentBytes / 1e6:F0} MB",
            "50 ms, 600 MB", "15 ms, 350 MB");
    }
}
