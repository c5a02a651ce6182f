namespace SynthStudio.Evaluation.Reporting.Html.Sections;

/// <summary>All headline scores with what the holdout reaches.</summary>
internal static class ScoresSection
{
    private static readonly (string Name, string Definition, string Ideal, Func<Scores, double?> Of, Func<Scores, double?>? Most)[] Rows =
    [
        ("Column shapes", "shape", "1", s => s.Shape, null),
        ("Pair trends, own bins", "trend", "1", s => s.Trend, null),
        ("Pair trends, shared bins", "trend", "1", s => s.TrendShared, null),
        ("Pair trends, own bins, associated pairs only", "trend", "1", s => s.TrendThresholded, null),
        ("Pair trends, shared bins, associated pairs only", "trend", "1", s => s.TrendSharedThresholded, null),
        ("Correlation difference", "association", "0", s => s.CorrelationDifference, null),
        ("QA accuracy", "qa", "maximum", s => s.QaAccuracy, s => s.QaAccuracyMax),
        ("QA accuracy, columns", "qa", "maximum", s => s.QaUnivariate, s => s.QaUnivariateMax),
        ("QA accuracy, pairs", "qa", "maximum", s => s.QaBivariate, s => s.QaBivariateMax),
        ("QA accuracy, triples", "qa", "maximum", s => s.QaTrivariate, s => s.QaTrivariateMax),
        ("Wasserstein distance", "distance", "0", s => s.Wasserstein, null),
        ("Jensen-Shannon distance", "distance", "0", s => s.JensenShannon, null),
        ("alpha-precision", "coverage", "1", s => s.AlphaPrecision, null),
        ("beta-recall", "coverage", "ceiling", s => s.BetaRecall, null),
        ("Authenticity", "coverage", "ceiling", s => s.Authenticity, null),
        ("Detection by boosted trees, AUC", "c2st", "0.5", s => s.C2stAuc, null),
        ("Logistic detection", "c2st", "1", s => s.LogisticDetection, null),
        ("Models learned from it (TSTR)", "tstr", "ceiling", s => s.Tstr, null),
        ("Models learned from real rows (TRTR)", "tstr", "", s => s.Trtr, null),
        ("DCR share", "dcr", "0.5", s => s.DcrShare, null),
        ("Rows that stand in training", "copies", "ceiling", s => s.ExactMatchTrain, null),
        ("Rows that stand in the holdout", "copies", "", s => s.ExactMatchHoldout, null),
    ];

    private static readonly Dictionary<string, string> IntervalOf = new()
    {
        ["Detection by boosted trees, AUC"] = "c2st_auc", ["Models learned from it (TSTR)"] = "tstr", ["Models learned from real rows (TRTR)"] = "trtr",
        ["DCR share"] = "dcr_share", ["Rows that stand in training"] = "exact_match_train", ["Rows that stand in the holdout"] = "exact_match_holdout",
    };

    public static string Render(EvaluationReport report) =>
        $"<p>The {HtmlText.Term("ceiling", "ceiling")} is what the holdout, fresh real rows, reaches in the place of the synthetic table.</p>"
        + Page.Table(
            ["Score", "#Synthetic", "95 % interval", "#Ceiling", "#Expected maximum", "Ideal"],
            Rows.Select(row => new[]
            {
                HtmlText.Term(row.Name, row.Definition),
                HtmlText.Number(row.Of(report.Metrics)),
                IntervalOf.TryGetValue(row.Name, out var name) && report.Intervals.TryGetValue(name, out var interval)
                    ? $"<span class=\"soft\">{HtmlText.Number(interval.Low)}–{HtmlText.Number(interval.High)}</span>" : "",
                report.Ceiling is { } ceiling && row.Of(ceiling) is { } reached ? HtmlText.Number(reached) : "",
                row.Most?.Invoke(report.Metrics) is { } most ? HtmlText.Number(most) : "",
                row.Ideal,
            }));
}
