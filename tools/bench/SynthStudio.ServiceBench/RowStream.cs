using System.Diagnostics;
using Grpc.Core;

namespace SynthStudio.ServiceBench;

/// <summary>Rows drawn by one request and streamed to a client, the worker's start included.</summary>
internal static class RowStream
{
    private const int Rows = 200_000;

    public static async Task<Measured> MeasureAsync(BenchOptions options)
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServedProcess.StartAsync(folder["data"]);
        var client = new Studio(server.Channel);
        var project = await client.CreateProjectAsync();
        var dataset = await client.UploadAsync(project, options.Table ?? FifteenColumns.Write(folder["table.csv"], rows: 20_000));
        var generator = await client.LearnAsync(project, dataset.Name, TimeSpan.FromSeconds(20));

        var clock = Stopwatch.StartNew();
        var drawn = await client.SyntheticDatasets.CreateSyntheticDatasetAsync(new CreateSyntheticDatasetRequest
        {
            Parent = project,
            SyntheticDataset = new SyntheticDataset { Generator = generator.Name, Rows = Rows },
        });
        var (rows, first) = (0L, TimeSpan.Zero);
        using var call = client.SyntheticDatasets.StreamRows(new StreamRowsRequest { Name = drawn.Name });
        await foreach (var message in call.ResponseStream.ReadAllAsync())
        {
            rows += message.PartEnd ? message.PartRows : 0;
            first = first == TimeSpan.Zero && message.Csv.Length > 0 ? clock.Elapsed : first;
        }

        var total = clock.Elapsed;
        return new Measured(
            $"rows drawn a second, single request of {rows:N0} rows, streamed over gRPC (first after {first.TotalSeconds:F2} s)",
            $"{rows / total.TotalSeconds:N0}/s with the worker's start, {rows / (total - first).TotalSeconds:N0}/s after the first", "6,000/s", "20,000/s");
    }
}
