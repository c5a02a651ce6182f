using System.Diagnostics;
using Grpc.Core;

namespace SynthStudio.ServiceBench;

/// <summary>
/// A million real rows of ten columns into a PostgreSQL table and into files of each format, with the job of the worker that reads the data
/// set first.
/// </summary>
internal static class ExportSpeed
{
    public static async Task<Measured> MeasureAsync(BenchOptions options)
    {
        await using var wide = await WideTable.StartAsync();
        var (_, dataset) = await wide.ImportAsync();
        while (dataset.State != DatasetState.Ready)
        {
            if (dataset.State == DatasetState.Failed) throw new InvalidOperationException(dataset.Error?.Message);
            await Task.Delay(200);
            dataset = await wide.Studio.Datasets.GetDatasetAsync(new GetDatasetRequest { Name = dataset.Name });
        }

        var figures = new List<string>
        {
            await TimeAsync("PostgreSQL", () => ExportAsync("first")), await TimeAsync("again", () => ExportAsync("second")),
        };
        foreach (var format in new[] { RowFormat.Csv, RowFormat.JsonLines, RowFormat.Parquet })
            figures.Add(await TimeAsync(format.ToString(), () => DownloadAsync(format)));
        return new Measured("export of real rows, 1,000,000 x 10 columns", string.Join("; ", figures), "", "");

        async Task<string> TimeAsync(string what, Func<Task<long>> move)
        {
            var (clock, before) = (Stopwatch.StartNew(), wide.Server.ProcessorTime);
            var bytes = await move();
            var seconds = clock.Elapsed.TotalSeconds;
            return $"{what} {WideTable.Rows / seconds:N0} rows/s, {bytes / seconds / 1e6:N0} MB/s ({bytes / 1e6:N0} MB, {seconds:F1} s, {(wide.Server.ProcessorTime - before).TotalSeconds:F1} s of processors)";
        }

        async Task<long> ExportAsync(string table) =>
            (await wide.MoveAsync(new Transfer { TableExport = new TableExport { Source = dataset.Name, Table = table } })).SizeBytes;

        async Task<long> DownloadAsync(RowFormat format)
        {
            var bytes = 0L;
            using var call = wide.Studio.Datasets.DownloadDataset(new DownloadDatasetRequest { Name = dataset.Name, Format = format });
            await foreach (var piece in call.ResponseStream.ReadAllAsync()) bytes += piece.Data.Length;
            return bytes;
        }
    }
}
