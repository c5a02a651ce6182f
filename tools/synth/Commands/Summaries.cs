using System.Globalization;

namespace SynthStudio.Cli.Commands;

/// <summary>A report's main figures for people, with 95 % intervals and what fresh real rows reach.</summary>
internal static class Summaries
{
    private static readonly (string Name, string Text)[] Known =
    [
        ("shape", "columns alike (shape, 1 is best)"),
        ("trend_shared", "pairs alike (trend, shared bins, 1 is best)"),
        ("qa_accuracy", "accuracy (1 is best)"),
        ("c2st_auc", "told from real (C2ST AUC, .5 is best)"),
        ("tstr", "models trained on it (TSTR)"),
        ("trtr", "models trained on real rows (TRTR)"),
        ("dcr_share", "nearer to training rows (DCR share, .5 is best)"),
    ];

    public static string Scores(IReadOnlyDictionary<string, double> metrics) => string.Join(
        Environment.NewLine,
        Known.Where(k => metrics.ContainsKey(k.Name))
            .Select(k => string.Create(CultureInfo.InvariantCulture, $"{k.Text,-48} {metrics[k.Name]:0.000}{Interval(k.Name, metrics)}{Ceiling(k.Name, metrics)}")));

    private static string Interval(string name, IReadOnlyDictionary<string, double> metrics) =>
        metrics.TryGetValue(name + "_low", out var low) && metrics.TryGetValue(name + "_high", out var high)
            ? string.Create(CultureInfo.InvariantCulture, $" ({low:0.000}-{high:0.000})") : "";

    /// <summary>QA accuracy compares with the holdout too: what fresh rows reach is computed.</summary>
    private static string Ceiling(string name, IReadOnlyDictionary<string, double> metrics) =>
        metrics.TryGetValue(name == "qa_accuracy" ? "qa_accuracy_max" : name + "_ceiling", out var ceiling) && name != "trtr"
            ? string.Create(CultureInfo.InvariantCulture, $"; fresh real rows {ceiling:0.000}") : "";
}
