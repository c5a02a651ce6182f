using System.Text;
using SynthStudio.Evaluation.Reporting.Html.Charts;

namespace SynthStudio.Evaluation.Reporting.Html.Sections;

/// <summary>Every column, the worst first: its distributions laid over each other, and its scores.</summary>
internal static class ColumnsSection
{
    /// <summary>More are only listed: a page of thousands of charts helps nobody.</summary>
    private const int MostCharts = 120;

    private const string Legend = "<p>The worst first. <span class=\"swatch\" style=\"background:var(--real)\"></span>training <span class=\"swatch\" style=\"background:var(--synthetic)\"></span>synthetic. "
        + "Ranges of numbers end on a round grid at 0.5 %, and five training rows, from both ends; the outer bins hold what lies beyond. Shares are of counts rounded to five rows; "
        + "categories of fewer than five training rows are among the others.</p>";

    public static string Render(EvaluationReport report)
    {
        var columns = report.Columns.OrderBy(column => (column.Shape ?? 1) - (column.ShapeCeiling ?? 1)).ToArray();
        var histograms = report.Histograms.ToDictionary(histogram => histogram.Column);
        var html = new StringBuilder(histograms.Count == 0 ? "" : Legend).Append("<div class=\"columns\">");
        foreach (var column in columns.Take(MostCharts).Where(column => histograms.ContainsKey(column.Name)))
        {
            var histogram = histograms[column.Name];
            html.Append($"<div class=\"card\"><h4>{HtmlText.Encode(column.Name)}</h4>{HistogramChart.Draw(histogram)}");
            html.Append($"<p>{HtmlText.Term("shape", "shape")} {HtmlText.Number(column.Shape)}{Beside(column.ShapeCeiling)}");
            html.Append(histogram.MissingTrain + histogram.MissingSynthetic > 0 ? $", missing {HtmlText.Percent(histogram.MissingSynthetic)} (real {HtmlText.Percent(histogram.MissingTrain)})" : "");
            html.Append("</p></div>");
        }

        html.Append("</div><details><summary>All columns as a table</summary>");
        html.Append(Page.Table(
            [
                "Column", "Kind", "#" + HtmlText.Term("Shape", "shape"), "#Ceiling",
                "#" + HtmlText.Term("QA accuracy", "qa"), "#" + HtmlText.Term("Wasserstein", "distance"),
                "#" + HtmlText.Term("Jensen-Shannon", "distance"), "#" + HtmlText.Term("Share in detection", "c2st")
            ],
            columns.Select(c => new[]
            {
                HtmlText.Encode(c.Name), HtmlText.Encode(c.Kind), HtmlText.Number(c.Shape),
                c.ShapeCeiling is null ? "" : HtmlText.Number(c.ShapeCeiling), HtmlText.Number(c.QaAccuracy),
                c.Wasserstein is null ? "" : HtmlText.Number(c.Wasserstein), HtmlText.Number(c.JensenShannon),
                c.DetectionShare is null ? "" : HtmlText.Percent(c.DetectionShare),
            })));
        html.Append("</details>").Append(Rules(report)).Append(Notes(report));
        return html.ToString();
    }

    private static string Beside(double? ceiling) => ceiling is null ? "" : $" (fresh real rows {HtmlText.Number(ceiling)})";

    private static string Rules(EvaluationReport report) => report.Validity.Rules is not { Count: > 0 } rules ? ""
        : "<h3>Rules of the schema</h3>" + Page.Table(
            ["Rule", "Columns", "#Broken by synthetic rows", "#By training rows", "#By holdout rows"],
            rules.OrderByDescending(rule => rule.BrokenSynthetic).Select(rule => new[]
            {
                HtmlText.Encode(rule.Name), HtmlText.Encode(string.Join(", ", rule.Columns)),
                HtmlText.Percent(rule.BrokenSynthetic, 2), HtmlText.Percent(rule.BrokenTrain, 2),
                rule.BrokenHoldout is null ? "" : HtmlText.Percent(rule.BrokenHoldout, 2),
            }));

    private static string Notes(EvaluationReport report) => report.Validity.Notes.Count == 0 ? ""
        : "<h3>Notes on validity</h3><ul>" + string.Concat(report.Validity.Notes.Select(note => $"<li>{HtmlText.Encode(note)}</li>")) + "</ul>";
}
