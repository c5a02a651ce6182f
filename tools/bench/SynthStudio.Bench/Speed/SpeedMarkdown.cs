using System.Globalization;
using System.Text;

namespace SynthStudio.Bench.Speed;

/// <summary>Results as a Markdown table: every figure with its ratio to the next smaller number of rows, then to the fewest columns.</summary>
internal static class SpeedMarkdown
{
    private static readonly (string Name, string Format, Func<SpeedResult, double?> Value)[] Figures =
    [
        ("encode s", "0.00", r => r.EncodeSeconds),
        ("train s", "0.00", r => r.TrainSeconds),
        ("step ms", "0.0", r => r.StepMilliseconds),
        ("step cpu ms", "0.0", r => r.StepProcessorMilliseconds),
        ("epoch s", "0.00", r => r.EpochSeconds),
        ("fit cpu s", "0.0", r => r.FitProcessorSeconds),
        ("C2ST AUC", "0.000", r => r.C2stAuc),
        ("rows/s drawn", "0", r => r.RowsPerSecond),
        ("peak MB", "0", r => r.PeakMegabytes),
        ("bytes a row", "0", r => 1_048_576 * r.PeakMegabytes / r.Rows),
    ];

    public static string Of(List<SpeedResult> results, List<string> methods, string maxTime)
    {
        var text = new StringBuilder(Machine.Describe());
        text.Append("; training cut off at ").Append(maxTime)
            .AppendLine(" s. In brackets: the ratio to the next smaller number of rows, and to the fewest columns with as many rows.").AppendLine();
        text.Append("| method | columns | rows | ").AppendJoin(" | ", Figures.Select(figure => figure.Name)).AppendLine(" |");
        text.Append("|---|---|---|").Insert(text.Length, "---|", Figures.Length).AppendLine();
        foreach (var result in results.Where(r => methods.Contains(r.Method))
            .OrderBy(r => methods.IndexOf(r.Method)).ThenBy(r => r.Columns).ThenBy(r => r.Rows))
        {
            var fewerRows = results
                .FindAll(r => r.Method == result.Method && r.Columns == result.Columns && r.Rows < result.Rows)
                .MaxBy(r => r.Rows);
            var fewestColumns = results.FindAll(r => r.Method == result.Method && r.Rows == result.Rows && r.Columns < result.Columns).MinBy(r => r.Columns);
            text.Append("| `").Append(result.Method).Append("` | ").Append(result.Columns).Append(" | ").Append(result.Rows).Append(" | ")
                .AppendJoin(" | ", Figures.Select(figure => Cell(result, fewerRows, fewestColumns, figure.Value, figure.Format))).AppendLine(" |");
        }

        return text.ToString();
    }

    private static string Cell(
        SpeedResult result, SpeedResult? fewerRows, SpeedResult? fewestColumns, Func<SpeedResult, double?> value, string format)
    {
        if (value(result) is not { } now) return "";
        var ratios = new[] { Ratio(fewerRows, "r"), Ratio(fewestColumns, "c") }.OfType<string>().ToList();
        var shown = now.ToString(format, CultureInfo.InvariantCulture);
        return ratios.Count == 0 ? shown : $"{shown} ({string.Join(", ", ratios)})";

        string? Ratio(SpeedResult? smaller, string what) =>
            smaller is not null && value(smaller) is > 0 and var then ? string.Create(CultureInfo.InvariantCulture, $"{what} ×{now / then:0.0}") : null;
    }
}
