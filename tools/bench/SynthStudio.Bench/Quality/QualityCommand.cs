using System.Diagnostics;
using System.Globalization;
using SynthStudio.Bench.Quality;
using SynthStudio.Evaluation;
using SynthStudio.Synthesis;

namespace SynthStudio.Bench;

/// <summary>Methods times tables times seeds: trains, draws as many rows as it learned, scores, and prints one table of all.</summary>
internal static class QualityCommand
{
    public static int Run(Arguments args)
    {
        var folder = args.Take("data") ?? Environment.GetEnvironmentVariable("SYNTHSTUDIO_TEST_DATA")
            ?? throw new ArgumentException("--data is missing, and SYNTHSTUDIO_TEST_DATA is not set");
        var methods = List(args.Take("methods") ?? string.Join(',', MethodSpec.WithoutTerms)).Select(MethodSpec.Parse).ToList();
        var tables = BenchTable.Find(folder, List(args.Take("tables") ?? ""));
        var seeds = List(args.Take("seeds") ?? "1,2,3").ConvertAll(seed => long.Parse(seed, CultureInfo.InvariantCulture));
        var parts = args.Take("parts") is { } names ? Enum.Parse<EvaluationParts>(names, ignoreCase: true) : EvaluationParts.All;
        var maxTime = args.Take("max-time") is { } seconds ? TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)) : (TimeSpan?)null;
        var record = new QualityRecord(args.Take("record") ?? Path.Combine("artifacts", "bench", "quality.jsonl"));

        var wanted = (from table in tables from method in methods from seed in seeds select (table, method, seed)).ToList();
        foreach (var (table, method, seed) in wanted.Where(run => !record.Has(run.table.Name, run.method.Text, run.seed)))
        {
            var result = Measure(table, method, seed, parts, maxTime);
            record.Add(result);
            Console.Error.WriteLine(result);
        }

        Console.WriteLine(QualityTable.Of(record, [.. tables.Select(t => t.Name)], [.. methods.Select(m => m.Text)], seeds));
        return 0;
    }

    private static QualityResult Measure(BenchTable table, MethodSpec method, long seed, EvaluationParts parts, TimeSpan? maxTime)
    {
        var (train, holdout) = table.Read();
        var clock = Stopwatch.StartNew();
        using var model = Synthesizers.Get(method.Name).Fit(
            train, new FitRequest { Options = method.Options, Seed = seed, MaxTime = maxTime }, new SilentObserver(), CancellationToken.None);
        var fit = clock.Elapsed.TotalSeconds;
        clock.Restart();
        var request = new SampleRequest { Rows = train.RowCount, Seed = seed, ChunkRows = train.RowCount, FirstChunkRows = train.RowCount };
        var drawn = model.Sample(request, CancellationToken.None).Single();
        var sample = clock.Elapsed.TotalSeconds;
        var report = Evaluator.Evaluate(train, drawn, holdout, new EvaluationOptions { Parts = parts, MeasureCeiling = false, Seed = (int)seed });
        return new QualityResult(
            table.Name, method.Text, seed, train.RowCount, fit, drawn.RowCount / sample, report.Metrics.Shape, report.Metrics.Trend,
            report.Metrics.TrendShared, report.Metrics.QaAccuracy, report.Metrics.C2stAuc, report.Metrics.Tstr, report.Metrics.Trtr, report.Metrics.DcrShare);
    }

    private static List<string> List(string text) => [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}
