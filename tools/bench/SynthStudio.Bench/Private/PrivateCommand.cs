using System.Diagnostics;
using System.Globalization;
using SynthStudio.Bench.Quality;
using SynthStudio.Evaluation;
using SynthStudio.Synthesis;
using SynthStudio.Synthesis.Private;
using SynthStudio.Tabular;

namespace SynthStudio.Bench.Private;

/// <summary>
/// Private methods on two tables: on one of integer codes with a public domain how far drawn rows are from the table (mean total variation of its
/// columns and pairs), on Adult as it is how good a classifier is that learned from drawn rows.
/// </summary>
internal static class PrivateCommand
{
    public static int Run(Arguments args)
    {
        var folder = args.Take("data") ?? Environment.GetEnvironmentVariable("SYNTHSTUDIO_TEST_DATA")
            ?? throw new ArgumentException("--data is missing, and SYNTHSTUDIO_TEST_DATA is not set");
        var methods = (args.Take("methods") ?? "mst,tree,aim").Split(',').Select(MethodSpec.Parse).ToList();
        var epsilons = (args.Take("epsilon") ?? "1").Split(',').Select(e => double.Parse(e, CultureInfo.InvariantCulture)).ToList();
        var delta = double.Parse(args.Take("delta") ?? "1e-6", CultureInfo.InvariantCulture);
        var runs = int.Parse(args.Take("runs") ?? "5", CultureInfo.InvariantCulture);
        var tables = (args.Take("tables") ?? "adult_discrete,adult").Split(',');
        var threads = int.Parse(args.Take("threads") ?? "2", CultureInfo.InvariantCulture);
        var output = args.Take("out");
        if (output is not null) Directory.CreateDirectory(output);
        var rows = args.Take("rows") is { } most ? int.Parse(most, CultureInfo.InvariantCulture) : int.MaxValue;

        Console.WriteLine($"{Machine.Describe()}; delta {delta.ToString(CultureInfo.InvariantCulture)}, {runs} runs, {threads} threads; peak memory is of the process so far");
        Console.WriteLine("| table | method | epsilon | spent | seconds | cpu seconds | peak MB | 1-way TV | 2-way TV | TSTR |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (var name in tables)
        {
            var (train, holdout) = name == "adult" ? Adult(folder) : (PrivateTables.Discrete(Path.Combine(folder, name)), null);
            if (rows < train.RowCount) train = train.Take(Enumerable.Range(0, rows).ToArray());
            foreach (var epsilon in epsilons)
            {
                foreach (var method in methods)
                {
                    var results = Enumerable.Range(1, runs).Select(run => Measure(
                        train, holdout, method, epsilon, delta, threads, run,
                        output is null ? null : Path.Combine(output, $"{name}-{method.Name}-{epsilon}-{run}.csv"))).ToList();
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"| {name} | {method.Text} | {epsilon} | {Mean(r => r.Spent):f4} | {Mean(r => r.Seconds):f1} | {Mean(r => r.Processor):f1} | {results.Max(r => r.PeakBytes) >> 20} | {Mean(r => r.Single):f4} | {Mean(r => r.Pair):f4} | {Mean(r => r.Tstr):f3} |"));

                    double Mean(Func<PrivateResult, double> of) => results.Average(of);
                }
            }
        }

        return 0;
    }

    private static PrivateResult Measure(Table train, Table? holdout, MethodSpec method, double epsilon, double delta, int threads, int run, string? output)
    {
        var process = Process.GetCurrentProcess();
        var (clock, before) = (Stopwatch.StartNew(), process.TotalProcessorTime);
        using var model = Synthesizers.Get(method.Name).Fit(
            train,
            new FitRequest { Options = method.Options, Seed = run, Threads = threads, Privacy = new PrivacyTerms { Epsilon = epsilon, Delta = delta } },
            new SilentObserver(), CancellationToken.None);
        var request = new SampleRequest { Rows = train.RowCount, Seed = run, ChunkRows = train.RowCount, FirstChunkRows = train.RowCount };
        var drawn = model.Sample(request, CancellationToken.None).Single();
        var seconds = clock.Elapsed.TotalSeconds;
        process.Refresh();
        var processor = (process.TotalProcessorTime - before).TotalSeconds;
        if (output is not null) TableWriter.Write(drawn, output);
        var (single, pair) = holdout is null ? PrivateTables.TotalVariation(train, drawn) : (double.NaN, double.NaN);
        var tstr = holdout is null
            ? null
            : Evaluator.Evaluate(
                train, drawn, holdout,
                new EvaluationOptions { Parts = EvaluationParts.Utility, MeasureCeiling = false, Seed = run }).Metrics.Tstr;
        return new PrivateResult(model.Privacy.Epsilon, seconds, processor, process.PeakWorkingSet64, single, pair, tstr ?? double.NaN);
    }

    /// <summary>Declared as the table's public documentation describes it.</summary>
    private static (Table Train, Table Holdout) Adult(string folder)
    {
        using var text = new StreamReader(typeof(PrivateCommand).Assembly.GetManifestResourceStream("adult.schema.json")!);
        var train = TableReader.Read(
            Path.Combine(folder, "adult", "train.csv.gz"), schema: SchemaFile.Parse(text.ReadToEnd()),
            options: new ReadOptions { InvalidValuesAreMissing = true });
        return (train, TableReader.ReadAs(Path.Combine(folder, "adult", "holdout.csv.gz"), train.Schema));
    }

    private sealed record PrivateResult(double Spent, double Seconds, double Processor, long PeakBytes, double Single, double Pair, double Tstr);
}
