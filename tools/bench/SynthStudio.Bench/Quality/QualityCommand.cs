using System.Diagnostics;
using System.Globalization;
using SynthStudio.Bench.Quality;
using SynthStudio.Evaluation;
using SynthStudio.Synthesis;

namespace SynthStudio.Bench;

/// <summary>
/// Methods times tables times seeds: trains, draws as many rows as it learned, scores, and prints one table of all. A result is on disk as soon as
/// it is there, so that a run in pieces (<c>--stop-after</c>) is the same as one run.
/// </summary>
internal static class QualityCommand
{
    public static int Run(Arguments args)
    {
        var folder = args.Take("data") ?? Environment.GetEnvironmentVariable("SYNTHSTUDIO_TEST_DATA")
            ?? throw new ArgumentException("--data is missing, and SYNTHSTUDIO_TEST_DATA is not set");
        var methods = List(args.Take("methods") ?? string.Join(',', MethodSpec.WithoutTerms)).Select(MethodSpec.Parse).ToList();
        var tables = BenchTable.Find(folder, List(args.Take("tables") ?? ""));
        var seeds = List(args.Take("seeds") ?? "1,2,3").ConvertAll(seed => long.Parse(seed, CultureInfo.InvariantCulture));
        var parts = args.Take("parts") is { } names ? Enum.Parse<EvaluationParts>(names, ignoreCase: true) : EvaluationParts.All & ~EvaluationParts.Privacy;
        var given = args.Take("max-time") ?? "";
        var maxTime = given.Length > 0 ? TimeSpan.FromSeconds(double.Parse(given, CultureInfo.InvariantCulture)) : (TimeSpan?)null;
        var stopAfter = args.Take("stop-after") is { } limit ? TimeSpan.FromSeconds(double.Parse(limit, CultureInfo.InvariantCulture)) : TimeSpan.MaxValue;
        var record = new QualityRecord(args.Take("record") ?? RecordFile.Default("quality", given));

        var clock = Stopwatch.StartNew();
        var wanted = (from seed in seeds from table in tables from method in methods select (table, method, seed)).ToList();
        var open = wanted.FindAll(run => !record.Has(run.table.Name, run.method.Text, run.seed));
        foreach (var ((table, method, seed), done) in open.Select((run, done) => (run, done)))
        {
            if (clock.Elapsed >= stopAfter)
            {
                Console.Error.WriteLine($"{open.Count - done} of {wanted.Count} are left: the same command goes on with them.");
                break;
            }

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
        var clock = new RunClock();
        using var model = Synthesizers.Get(method.Name).Fit(
            train, new FitRequest { Options = method.Options, Seed = seed, MaxTime = maxTime }, new SilentObserver(), CancellationToken.None);
        var fit = clock.Lap();
        var request = new SampleRequest { Rows = train.RowCount, Seed = seed, ChunkRows = train.RowCount, FirstChunkRows = train.RowCount };
        var drawn = model.Sample(request, CancellationToken.None).Single();
        var sample = clock.Lap();
        var report = Evaluator.Evaluate(train, drawn, holdout, new EvaluationOptions { Parts = parts, MeasureCeiling = false, Seed = (int)seed });
        return new QualityResult(
            table.Name, method.Text, seed, train.RowCount, fit.Wall, drawn.RowCount / sample.Wall, report.Metrics.Shape, report.Metrics.Trend,
            report.Metrics.TrendShared, report.Metrics.QaAccuracy, report.Metrics.C2stAuc, report.Metrics.Tstr, report.Metrics.Trtr, report.Metrics.DcrShare,
            fit.Processor, drawn.RowCount / sample.Processor);
    }

    private static List<string> List(string text) => [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}
