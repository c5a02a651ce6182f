using System.Diagnostics;
using Grpc.Core;

namespace SynthStudio.ServiceBench;

/// <summary>
/// From the call that asks for rows to the first row at the client: cold, by a new server whose model no worker has loaded, and warm, from
/// the worker that drew from the same generator before.
/// </summary>
internal static class FirstRows
{
    private const int Rows = 1_000;
    private const int ColdDraws = 3;
    private const int WarmDraws = 20;

    /// <summary>After a training: the worker for the next job is there, as it is for a service that rests.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(8);

    public static async Task<Measured> MeasureAsync(BenchOptions options)
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServedProcess.StartAsync(folder["data"]);
        var client = new Studio(server.Channel);
        var project = await client.CreateProjectAsync();
        var dataset = await client.UploadAsync(project, options.Table ?? FifteenColumns.Write(folder["table.csv"], rows: 20_000));
        var (cold, warm) = (new List<double>(), new List<double>());
        for (var model = 0; model < ColdDraws; model++)
        {
            var generator = await client.LearnAsync(project, dataset.Name, TimeSpan.FromSeconds(5));
            await Task.Delay(Rest);
            cold.Add(await DrawAsync(client, project, generator.Name));
            for (var draw = 0; draw < WarmDraws; draw++) warm.Add(await DrawAsync(client, project, generator.Name));
        }

        cold.Sort();
        warm.Sort();
        return new Measured(
            $"first of {Rows:N0} rows at the client, the model loaded by the draw before ({warm.Count} draws)",
            $"{Latencies.Percentile(warm, .5):F0} ms (p90 {Latencies.Percentile(warm, .9):F0}); model not loaded: {Latencies.Percentile(cold, .5):F0} ms",
            "1,000 ms", "300 ms");
    }

    private static async Task<double> DrawAsync(Studio client, string project, string generator)
    {
        var clock = Stopwatch.StartNew();
        var drawn = await client.SyntheticDatasets.CreateSyntheticDatasetAsync(new CreateSyntheticDatasetRequest
        {
            Parent = project,
            SyntheticDataset = new SyntheticDataset { Generator = generator, Rows = Rows },
        });
        var first = 0.0;
        using var call = client.SyntheticDatasets.StreamRows(new StreamRowsRequest { Name = drawn.Name });
        await foreach (var message in call.ResponseStream.ReadAllAsync())
        {
            if (first == 0 && message.Csv.Length > 0) first = clock.Elapsed.TotalMilliseconds;
        }

        return first;
    }
}
