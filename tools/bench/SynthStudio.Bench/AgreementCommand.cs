using System.Globalization;
using System.Text.Json;
using SynthStudio.Bench.Quality;
using SynthStudio.Evaluation;
using SynthStudio.Evaluation.Reporting;
using SynthStudio.Tabular;

namespace SynthStudio.Bench;

/// <summary>
/// Scores synthetic tables beside what an independent script said of them, a JSON file of the same score names beside each (<c>x.csv.gz</c> and
/// <c>x.json</c> in a folder), and prints the greatest differences of counted and of learned scores.
/// </summary>
internal static class AgreementCommand
{
    private static readonly string[] Learned = ["c2st_auc", "tstr", "trtr", "logistic_detection"];

    public static int Run(Arguments args)
    {
        var folder = args.Take("data") ?? Environment.GetEnvironmentVariable("SYNTHSTUDIO_TEST_DATA")
            ?? throw new ArgumentException("--data is missing, and SYNTHSTUDIO_TEST_DATA is not set");
        var scored = args.Take("scored") ?? throw new ArgumentException("--scored is missing: the folder of tables with the script's scores");
        var (train, holdout) = BenchTable.Find(folder, [args.Take("table") ?? "adult"])[0].Read();
        Console.WriteLine("| table | counted, greatest difference | learned, greatest difference | scores |\n|---|---|---|---|");
        foreach (var file in Directory.GetFiles(scored, "*.csv*").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(file).Split(".csv")[0];
            using var theirs = JsonDocument.Parse(File.ReadAllText(Path.Combine(scored, name + ".json")));
            var synthetic = TableReader.ReadAs(file, train.Schema, options: new ReadOptions { InvalidValuesAreMissing = true });
            var report = Evaluator.Evaluate(
                train, synthetic, holdout,
                new EvaluationOptions { Parts = EvaluationParts.All & ~EvaluationParts.Privacy, MeasureCeiling = false });
            Print(name, theirs.RootElement.TryGetProperty("metrics", out var metrics) ? metrics : theirs.RootElement, report);
        }

        return 0;
    }

    private static void Print(string name, JsonElement theirs, EvaluationReport report)
    {
        using var mine = JsonDocument.Parse(report.ToJson());
        var differences = theirs.EnumerateObject()
            .Where(score => score.Value.ValueKind == JsonValueKind.Number
                && mine.RootElement.GetProperty("metrics").TryGetProperty(score.Name, out var own)
                && own.ValueKind == JsonValueKind.Number)
            .Select(score => (
                score.Name,
                Difference: mine.RootElement.GetProperty("metrics").GetProperty(score.Name).GetDouble() - score.Value.GetDouble()))
            .ToList();
        var (learned, counted) = (differences.FindAll(d => Learned.Contains(d.Name)), differences.FindAll(d => !Learned.Contains(d.Name)));
        Console.WriteLine($"| {name} | {Worst(counted)} | {Worst(learned)} | {counted.Count} + {learned.Count} |");
    }

    private static string Worst(List<(string Name, double Difference)> differences) => differences.Count == 0 ? ""
        : differences.MaxBy(d => Math.Abs(d.Difference)) is var worst
            ? string.Create(CultureInfo.InvariantCulture, $"{worst.Difference:+0.00000;-0.00000} ({worst.Name})") : "";
}
