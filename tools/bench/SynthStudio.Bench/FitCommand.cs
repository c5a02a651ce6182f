using System.Diagnostics;
using System.Globalization;
using SynthStudio.Synthesis;
using SynthStudio.Synthesis.Auto;
using SynthStudio.Synthesis.Private;
using SynthStudio.Tabular;

namespace SynthStudio.Bench;

/// <summary>Trains on one table and draws from it, with the times and losses that matter.</summary>
internal static class FitCommand
{
    public static int Run(Arguments args)
    {
        var data = args.Take("data") ?? throw new ArgumentException("--data is missing");
        var schema = args.Take("schema") is { } file ? SchemaFile.Read(file) : null;
        var method = args.Take("method") ?? "autoregressive";
        var output = args.Take("out");
        var package = args.Take("save");
        var rows = args.Take("rows") is { } n ? int.Parse(n, CultureInfo.InvariantCulture) : (int?)null;
        var seed = long.Parse(args.Take("seed") ?? "1", CultureInfo.InvariantCulture);
        var threads = int.Parse(args.Take("threads") ?? "0", CultureInfo.InvariantCulture);
        var maxTime = args.Take("max-time") is { } seconds ? TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)) : (TimeSpan?)null;
        var privacy = args.Take("epsilon") is { } epsilon
            ? new PrivacyTerms
            {
                Epsilon = double.Parse(epsilon, CultureInfo.InvariantCulture),
                Delta = double.Parse(args.Take("delta") ?? "1e-5", CultureInfo.InvariantCulture),
                Rows = args.Take("rows-declared") is { } declared ? long.Parse(declared, CultureInfo.InvariantCulture) : null,
            }
            : null;

        var mostCells = args.Take("most-cells") is { } cells ? long.Parse(cells, CultureInfo.InvariantCulture) : TrainingTable.MostCellsInMemory;

        var reading = Stopwatch.StartNew();
        using var training = TrainingTable.Read(data, null, schema, null, CancellationToken.None, mostCells);
        var table = training.Table;
        Console.WriteLine($"read: {training.RowCount} rows in {reading.Elapsed.TotalSeconds:f1} s, {table.RowCount} of them held; peak memory {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB");
        var process = Process.GetCurrentProcess();
        var clock = Stopwatch.StartNew();
        var cpu = process.TotalProcessorTime;
        var request = new FitRequest { Options = args.Rest, Seed = seed, Threads = threads, MaxTime = maxTime, AllRows = training.AllRows, Privacy = privacy };
        var expected = TrainingForecast.Of(method, table, request);
        Console.WriteLine($"expected: {expected.Method}, wall {expected.Time?.TotalSeconds:f1} s, cpu {expected.ProcessorTime?.TotalSeconds:f1} s, {expected.MemoryBytes >> 20} MB");
        using var model = Synthesizers.Get(method).Fit(table, request, new ConsoleObserver(), CancellationToken.None);
        process.Refresh();
        Console.WriteLine($"fit: wall {clock.Elapsed.TotalSeconds:f1} s, cpu {(process.TotalProcessorTime - cpu).TotalSeconds:f1} s; "
            + string.Join(", ", model.Metrics.Select(m => FormattableString.Invariant($"{m.Key} {m.Value:g6}"))));

        if (package is not null)
        {
            using var target = File.Create(package);
            model.Save(target, new PackageFacts(training.RowCount, "", "bench", DateTimeOffset.UnixEpoch, seed, args.Rest));
        }

        (clock, cpu) = (Stopwatch.StartNew(), process.TotalProcessorTime);
        var chunks = model.Sample(new SampleRequest { Rows = rows ?? table.RowCount, Seed = seed }, CancellationToken.None).ToList();
        process.Refresh();
        var drawn = chunks.Sum(chunk => chunk.RowCount);
        Console.WriteLine($"sample: {drawn} rows, wall {clock.Elapsed.TotalSeconds:f2} s = {drawn / clock.Elapsed.TotalSeconds:f0} rows/s, "
            + $"cpu {(process.TotalProcessorTime - cpu).TotalSeconds:f2} s; peak memory {process.PeakWorkingSet64 >> 20} MB");
        if (output is not null) WriteCsv(output, chunks);
        return 0;
    }

    private static void WriteCsv(string path, List<Table> chunks)
    {
        using var writer = new StreamWriter(path);
        writer.WriteLine(string.Join(',', chunks[0].Columns.Select(column => column.Name)));
        foreach (var chunk in chunks)
        {
            for (var row = 0; row < chunk.RowCount; row++) writer.WriteLine(string.Join(',', chunk.Columns.Select(column => Text(column, row))));
        }
    }

    private static string Text(Column column, int row)
    {
        if (column.IsMissing(row)) return "";
        if (column is CodedColumn coded)
        {
            var text = coded.Text(row)!;
            return text.AsSpan().IndexOfAny(",\"\n") >= 0 ? '"' + text.Replace("\"", "\"\"") + '"' : text;
        }

        var value = ((NumericColumn)column).Values[row];
        return column.Schema.Kind switch
        {
            ColumnKind.DateTime => DateTime.UnixEpoch.AddSeconds(value).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture),
            ColumnKind.Date => DateTime.UnixEpoch.AddSeconds(value).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            _ => value.ToString(CultureInfo.InvariantCulture),
        };
    }

    private sealed class ConsoleObserver : ITrainingObserver
    {
        private double last = double.NaN;

        public TrainingWish Wish => TrainingWish.Continue;

        public void Report(TrainingProgress progress)
        {
            if (progress.ValidationLoss is not { } loss || loss == last) return;
            last = loss;
            Console.WriteLine(FormattableString.Invariant(
                $"step {progress.Step} epoch {progress.Epoch:f1} train {progress.TrainingLoss:f3} held back {loss:f4} {progress.StepsPerSecond:f1} steps/s"));
        }

        public void CheckpointWritten(string file, long step)
        {
        }
    }
}
