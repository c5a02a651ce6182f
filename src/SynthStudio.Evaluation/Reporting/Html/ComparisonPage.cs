using System.Text;
using SynthStudio.Evaluation.Reporting.Html.Charts;
using SynthStudio.Evaluation.Reporting.Verdicts;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Reporting.Html;

/// <summary>Several synthetic tables of one training table side by side.</summary>
internal static class ComparisonPage
{
    private static readonly (string Name, string Score, string Definition, double? Ideal, Func<EvaluationReport, double?> Of)[] Rows =
    [
        ("QA accuracy", "qa_accuracy", "qa", 1, r => r.Metrics.QaAccuracy),
        ("Column shapes", "shape", "shape", 1, r => r.Metrics.Shape),
        ("Pair trends, shared bins", "trend_shared", "trend", 1, r => r.Metrics.TrendShared),
        ("Correlation difference", "correlation_difference", "association", 0, r => r.Metrics.CorrelationDifference),
        ("alpha-precision", "alpha_precision", "coverage", 1, r => r.Metrics.AlphaPrecision),
        ("beta-recall", "beta_recall", "coverage", null, r => r.Metrics.BetaRecall),
        ("Detection, AUC", "c2st_auc", "c2st", 0.5, r => r.Metrics.C2stAuc),
        ("Models learned from it (TSTR)", "tstr", "tstr", double.PositiveInfinity, r => r.Metrics.Tstr),
        ("Models learned from real rows (TRTR)", "trtr", "tstr", null, r => r.Metrics.Trtr),
        ("DCR share", "dcr_share", "dcr", 0.5, r => r.Metrics.DcrShare),
        ("Exact copies beyond chance", "exact_copies", "copies", 0, r => r.Privacy?.Copies.ExactCopies?.Value),
        ("Privacy alarms", "alarms", "alarm", 0, r => r.Privacy is { Tests.Count: > 0 } privacy ? privacy.Tests.Count(test => test.IsAlarm) : null),
    ];

    public static string Render(IReadOnlyList<(string Name, EvaluationReport Report)> tables) => Page.Wrap(
        "Comparison of synthetic tables",
        [
            ("verdicts", "Verdicts", Verdicts(tables)),
            ("scores", "Scores", Scores(tables)),
            ("detection", "Detection", Detection(tables)),
            ("columns", "Columns", Columns(tables)),
        ],
        $"<h1>{tables.Count} synthetic tables of the same real one</h1>" + Warning(tables));

    private static string Warning(IReadOnlyList<(string Name, EvaluationReport Report)> tables)
    {
        var known = tables.Select(table => table.Report.Provenance?.TrainSha256).Where(hash => hash is not null).Distinct().Count() > 1;
        var rows = tables.Select(table => (table.Report.Sampling.TrainRows, table.Report.Sampling.HoldoutRows)).Distinct().Count() > 1;
        return known || rows ? "<div class=\"notice\">The reports are not about the same training and holdout tables: their figures do not compare.</div>" : "";
    }

    private static string Verdicts(IReadOnlyList<(string Name, EvaluationReport Report)> tables)
    {
        var verdicts = tables.Select(table => table.Report.Verdict ?? VerdictBuilder.Of(table.Report)).ToArray();
        var html = new StringBuilder("<div class=\"scroll\"><table><thead><tr><th></th>");
        html.Append(string.Concat(tables.Select(table => $"<th>{HtmlText.Encode(table.Name)}</th>"))).Append("</tr></thead><tbody>");
        foreach (var aspect in verdicts[0].Findings.Select(finding => finding.Aspect))
        {
            html.Append($"<tr><td>{HtmlText.Encode(aspect)}</td>");
            foreach (var finding in verdicts.Select(verdict => verdict.Findings.First(finding => finding.Aspect == aspect)))
            {
                html.Append($"<td class=\"{finding.Grade.ToString().ToLowerInvariant()}\" title=\"{HtmlText.Encode(finding.Reason)}\">{(finding.Grade == Grade.Unknown ? "not measured" : finding.Grade.ToString().ToLowerInvariant())}</td>");
            }

            html.Append("</tr>");
        }

        html.Append("</tbody></table></div><dl>");
        foreach (var (table, verdict) in tables.Zip(verdicts))
        {
            html.Append($"<dt>{HtmlText.Encode(table.Name)}</dt><dd>{HtmlText.Encode(verdict.Headline)}</dd>");
        }

        return html.Append("</dl>").ToString();
    }

    private static string Scores(IReadOnlyList<(string Name, EvaluationReport Report)> tables) =>
        $"<p>The best of each row is bold, and what chance may set apart from it: whose {HtmlText.Term("interval", "interval")} overlaps with its own.</p>" + Page.Table(
        ["Score", .. tables.Select(table => "#" + HtmlText.Encode(table.Name)), "Ideal"],
        Rows.Select(row =>
        {
            var values = tables.Select(table => Figure(table.Report, row.Score, row.Of(table.Report))).ToArray();
            var best = row.Ideal is { } ideal ? values.OfType<Estimate>().MinBy(value => Gap(value.Value, ideal)) : null;
            return (string[])
            [
                HtmlText.Term(row.Name, row.Definition),
                .. values.Select(value => value is null ? HtmlText.None
                    : best is not null && value.Low <= best.High && best.Low <= value.High ? $"<b>{Text(value)}</b>" : Text(value)),
                row.Ideal is { } wanted ? double.IsInfinity(wanted) ? "high" : $"{wanted:0.#}" : "",
            ];
        }));

    /// <summary>A figure with its interval; one without has none to either side.</summary>
    private static Estimate? Figure(EvaluationReport report, string score, double? value) => value is not { } known ? null
        : report.Intervals.TryGetValue(score, out var interval) ? interval
        : score == "exact_copies" ? report.Privacy?.Copies.ExactCopies
        : new Estimate(known, known, known);

    private static string Text(Estimate value) => value.Low < value.High ? HtmlText.Interval(value) : HtmlText.Number(value.Value);

    private static double Gap(double value, double ideal) => double.IsInfinity(ideal) ? -value : Math.Abs(value - ideal);

    private static string Detection(IReadOnlyList<(string Name, EvaluationReport Report)> tables)
    {
        var shown = tables.Select((table, i) => (table.Name, Style: $"c{i}", table.Report.Detection)).Where(table => table.Detection is not null).ToArray();
        return shown.Length == 0 ? "" : "<div class=\"row\">" + RocChart.Draw([.. shown.Select(table => (table.Name, table.Style, table.Detection!.Roc))]) + Page.Table(
            ["", "Table", "#AUC", "Gives it away"],
            shown.Select(table => new[]
            {
                $"<svg style=\"width:26px\" viewBox=\"0 0 26 8\"><path class=\"{table.Style}\" stroke-width=\"3\" d=\"M0 4H26\"/></svg>",
                HtmlText.Encode(table.Name),
                HtmlText.Interval(table.Detection!.Auc),
                HtmlText.Encode(string.Join(", ", table.Detection.TellingColumns.Take(3).Select(column => column.Column))),
            })) + "</div>";
    }

    private static string Columns(IReadOnlyList<(string Name, EvaluationReport Report)> tables)
    {
        var shapes = tables.Select(table => table.Report.Columns.ToDictionary(column => column.Name, column => column.Shape)).ToArray();
        var names = tables[0].Report.Columns.Select(column => column.Name).OrderBy(name => shapes.Min(shape => shape.GetValueOrDefault(name) ?? 1));
        return $"<p>{HtmlText.Term("Shape", "shape")} of every column, the worst first.</p>" + Page.Table(
            ["Column", .. tables.Select(table => "#" + HtmlText.Encode(table.Name))],
            names.Select(name => (string[])[HtmlText.Encode(name), .. shapes.Select(shape => HtmlText.Number(shape.GetValueOrDefault(name)))]));
    }
}
