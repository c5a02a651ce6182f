using SynthStudio.Evaluation.Histograms;
using SynthStudio.Evaluation.Reporting.Html.Charts;

namespace SynthStudio.Evaluation.Reporting.Html.Sections;

/// <summary>How rows are told apart: the ROC curve beside the holdout's, and the telling columns with what is odd about them.</summary>
internal static class DetectionSection
{
    private const int MostColumns = 10;

    public static string Render(EvaluationReport report)
    {
        if (report.Detection is not { } detection)
        {
            return "";
        }

        (string, string, IReadOnlyList<double>)[] synthetic = [("synthetic", "synthetic", detection.Roc)];
        var curves = detection.HoldoutRoc is { } holdout ? [.. synthetic, ("holdout", "holdout", holdout)] : synthetic;
        var histograms = report.Histograms.ToDictionary(histogram => histogram.Column);
        return $"<p>{HtmlText.Term("AUC", "c2st")} {HtmlText.Interval(detection.Auc)}; fresh real rows reach {HtmlText.Interval(detection.HoldoutAuc)} (dashed). 0.5 cannot be told. "
            + $"Rows a side: {HtmlText.Count(report.Sampling.DetectionRowsPerClass)}.</p><div class=\"row\">{RocChart.Draw(curves)}<div><h3>What gives it away</h3>"
            + Page.Table(
                ["Column", "#Share", "", "Most out of place"],
                detection.TellingColumns.Take(MostColumns).Select(column => new[]
                {
                    HtmlText.Encode(column.Column),
                    HtmlText.Percent(column.Share),
                    $"<span class=\"bar\" style=\"width:{HtmlText.At(90 * column.Share)}px\"></span>",
                    histograms.TryGetValue(column.Column, out var histogram) ? OutOfPlace(histogram) : "",
                }))
            + "</div></div>";
    }

    /// <summary>The bin that the synthetic table has most too many or too few of.</summary>
    private static string OutOfPlace(ColumnHistogram histogram)
    {
        var bin = Enumerable.Range(0, histogram.Train.Count).MaxBy(i => Math.Abs(histogram.Train[i] - histogram.Synthetic[i]));
        var name = histogram.IsNumeric ? $"{histogram.Labels[bin]} to {histogram.Labels[bin + 1]}" : histogram.Labels[bin];
        return $"{HtmlText.Encode(name)}: {HtmlText.Percent(histogram.Synthetic[bin])}, real {HtmlText.Percent(histogram.Train[bin])}";
    }
}
