using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SynthStudio.Synthesis;
using SynthStudio.Synthesis.Private;
using SynthStudio.Tabular;

namespace SynthStudio.Bench.Private;

/// <summary>
/// Quality of private methods by rows and epsilon on several tables of public codes, as the data file that the service answers from before a
/// training. What the file holds already is not measured again.
/// </summary>
internal static class CurvesCommand
{
    private const double Delta = 1e-6;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Rows and epsilon: their product, on which the noise's share of a count depends, from 250 to 80,000.</summary>
    private static readonly (int Rows, double Epsilon)[] Settings = [(1_000, 0.25), (1_000, 1), (1_000, 4), (5_000, 1), (5_000, 4), (20_000, 1), (20_000, 4)];

    public static int Run(Arguments args)
    {
        var folder = args.Take("data") ?? Environment.GetEnvironmentVariable("SYNTHSTUDIO_TEST_DATA")
            ?? throw new ArgumentException("--data is missing, and SYNTHSTUDIO_TEST_DATA is not set");
        var file = args.Take("out") ?? throw new ArgumentException("--out is missing");
        var methods = (args.Take("methods") ?? "mst,tree,aim").Split(',');
        var tables = (args.Take("tables") ?? "adult_discrete,credit_default,online_shoppers").Split(',');
        var runs = int.Parse(args.Take("runs") ?? "2", CultureInfo.InvariantCulture);
        var settings = args.Take("settings") is { } some ? [.. some.Split(',').Select(Setting)] : Settings;
        var points = File.Exists(file) ? JsonSerializer.Deserialize<QualityCurves>(File.ReadAllText(file), Json)!.Points.ToList() : [];
        foreach (var name in tables)
        {
            var table = File.Exists(Path.Combine(folder, name, "domain.json"))
                ? PrivateTables.Discrete(Path.Combine(folder, name))
                : PrivateTables.Coded(TableReader.Read(Path.Combine(folder, name, "train.csv.gz")));
            foreach (var (rows, epsilon) in settings.Where(s => s.Rows <= table.RowCount))
            {
                var part = table.Take([.. Enumerable.Range(0, rows)]);
                foreach (var method in methods.Where(m => !points.Exists(p => (p.Table, p.Method, p.Rows, p.Epsilon) == (name, m, rows, epsilon))))
                {
                    points.Add(Measure(name, part, method, epsilon, runs));
                    var curves = new QualityCurves("SynthStudio.Bench private-curves: marginal methods 2 runs, networks 1", Delta, points);
                    File.WriteAllText(file, JsonSerializer.Serialize(curves, Json).Replace("{\"table\"", "\n  {\"table\"", StringComparison.Ordinal) + "\n");
                    Console.WriteLine(points[^1]);
                }
            }
        }

        return 0;
    }

    /// <summary>Of the form rows:epsilon.</summary>
    private static (int Rows, double Epsilon) Setting(string text) => text.Split(':') is [var rows, var epsilon]
        ? (int.Parse(rows, CultureInfo.InvariantCulture), double.Parse(epsilon, CultureInfo.InvariantCulture))
        : throw new ArgumentException($"--settings: '{text}' is not rows:epsilon");

    private static QualityPoint Measure(string name, Table table, string method, double epsilon, int runs)
    {
        var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var (single, pair) = (0.0, 0.0);
        for (var run = 0; run < runs; run++)
        {
            using var model = Synthesizers.Get(method).Fit(
                table,
                new FitRequest { Threads = 2, Privacy = new PrivacyTerms { Epsilon = epsilon, Delta = Delta, Rows = table.RowCount } },
                new SilentObserver(), CancellationToken.None);
            var drawn = model.Sample(
                new SampleRequest { Rows = table.RowCount, Seed = run, ChunkRows = table.RowCount, FirstChunkRows = table.RowCount },
                CancellationToken.None).Single();
            var (s, p) = PrivateTables.TotalVariation(table, drawn);
            (single, pair) = (single + s / runs, pair + p / runs);
        }

        process.Refresh();
        double Short(double value) => double.Parse(value.ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return new QualityPoint(
            name, table.Columns.Count, method, table.RowCount, epsilon,
            Short(single), Short(pair), Short((process.TotalProcessorTime - before).TotalSeconds / runs),
            process.PeakWorkingSet64 >> 20);
    }

    private sealed record QualityCurves(string Source, double Delta, IReadOnlyList<QualityPoint> Points);

    /// <summary>
    /// Mean total variation of columns and of pairs between drawn rows and those that were learned; processor seconds; peak memory of the
    /// process so far.
    /// </summary>
    private sealed record QualityPoint(
        string Table, int Columns, string Method, int Rows, double Epsilon, double Single, double Pair, double Seconds, long PeakMegabytes);
}
