using System.Diagnostics;
using System.Globalization;
using SynthStudio.Bench.Leaks;
using SynthStudio.Bench.Quality;
using SynthStudio.Evaluation;
using SynthStudio.Evaluation.Attacks;
using SynthStudio.Evaluation.Membership;
using SynthStudio.Evaluation.Reporting;
using SynthStudio.Synthesis;
using SynthStudio.Tabular;

namespace SynthStudio.Bench;

/// <summary>
/// Half of the holdout is passed off as synthetic, the other half stays the holdout: that must look safe. Then training rows are planted,
/// and what each privacy measure caught is printed. With a synthetic file they are planted into that, and the whole holdout is the control.
/// </summary>
internal static class LeakCommand
{
    private static readonly (string Name, double Share, double Noise)[] Plants =
    [
        ("nothing", 0, 0), ("1 % exact", .01, 0), ("5 % exact", .05, 0), ("20 % exact", .2, 0),
        ("1 % noisy", .01, .002), ("5 % noisy", .05, .002), ("20 % noisy", .2, .002),
    ];

    public static int Run(Arguments args)
    {
        var folder = args.Take("data") ?? Environment.GetEnvironmentVariable("SYNTHSTUDIO_TEST_DATA")
            ?? throw new ArgumentException("--data is missing, and SYNTHSTUDIO_TEST_DATA is not set");
        var seeds = int.Parse(args.Take("seeds") ?? "1", CultureInfo.InvariantCulture);
        var attacks = Enum.Parse<PrivacyAttacks>(args.Take("attacks") ?? "Fast", ignoreCase: true);
        var based = args.Take("synthetic");
        var plants = args.Take("plants") is { } some ? [.. some.Split(',').Select(i => Plants[int.Parse(i, CultureInfo.InvariantCulture)])] : Plants;
        var shadows = int.Parse(args.Take("shadow-models") ?? "0", CultureInfo.InvariantCulture) is > 0 and var count ? Shadows(count, args.Take("shadow-method") ?? "cart") : null;
        foreach (var table in BenchTable.Find(folder, [args.Take("table") ?? "adult"]))
        {
            var (train, holdout) = table.Read();
            foreach (var (name, share, noise) in plants)
            {
                for (var seed = 0; seed < seeds; seed++)
                {
                    var clock = Stopwatch.StartNew();
                    var (safe, rest) = based is null ? Halves(holdout, seed)
                        : (TableReader.ReadAs(based, train.Schema, options: new ReadOptions { InvalidValuesAreMissing = true }), holdout);
                    var report = Evaluator.Evaluate(
                        train, PlantedLeak.Into(safe, train, share, noise, seed), rest,
                        new EvaluationOptions { Parts = EvaluationParts.Privacy, Attacks = attacks, Seed = seed, MeasureCeiling = false, Shadows = shadows });
                    Print($"{table.Name}, {name}, seed {seed}", report, clock.Elapsed.TotalSeconds);
                }
            }
        }

        return 0;
    }

    private static void Print(string what, EvaluationReport report, double seconds)
    {
        var tests = report.Privacy!.Tests;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {tests.Count(t => t.IsAlarm)} alarms of {tests.Count}, {seconds:0.0} s; copies {report.Privacy.Copies.ExactCopies}"));
        foreach (var near in report.Privacy.Copies.Near)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    near {near.Ratio} of {near.Rare}: {near.Training} of training, {near.Expected:0.0} expected; p = {near.PValue:0.0e0}"));
        }

        foreach (var test in tests.Where((test, i) => test.IsAlarm || i < 2))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    {(test.IsAlarm ? "ALARM" : "     ")} {test.Measure}: p = {test.PValue:0.0e0}; {test.Finding}"));
        }
    }

    private static ShadowModels Shadows(int count, string method) => new(method, count, (table, rows, seed) =>
    {
        var model = Synthesizers.Get(method).Fit(table, new FitRequest { Seed = seed }, new SilentObserver(), CancellationToken.None);
        return model.Sample(new SampleRequest { Rows = rows, Seed = seed }, CancellationToken.None);
    });

    private static (Table Safe, Table Kept) Halves(Table table, int seed)
    {
        int[] rows = [.. Enumerable.Range(0, table.RowCount)];
        new Random(seed).Shuffle(rows);
        return (Take(rows[..(rows.Length / 2)]), Take(rows[(rows.Length / 2)..]));

        Table Take(int[] some) => new(table.Schema, [.. table.Columns.Select(column => column.Take(some))]);
    }
}
