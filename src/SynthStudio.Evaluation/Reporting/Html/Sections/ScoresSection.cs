namespace SynthStudio.Evaluation.Reporting.Html.Sections;

/// <summary>All headline scores with what the holdout reaches.</summary>
internal static class ScoresSection
{
    private static readonly (string Name, string Score, string Definition, string Ideal, Func<Scores, double?> Of, Func<Scores, double?>? Most)[] Rows =
    [
        ("Column shapes", "shape", "shape", "1", s => s.Shape, null),
        ("Pair trends, own bins", "trend", "trend", "1", s => s.Trend, null),
        ("Pair trends, shared bins", "trend_shared", "trend", "1", s => s.TrendShared, null),
        ("Pair trends, own bins, associated pairs only", "trend_thresholded", "trend", "1", s => s.TrendThresholded, null),
        ("Pair trends, shared bins, associated pairs only", "trend_shared_thresholded", "trend", "1", s => s.TrendSharedThresholded, null),
        ("Correlation difference", "correlation_difference", "association", "0", s => s.CorrelationDifference, null),
        ("QA accuracy", "qa_accuracy", "qa", "maximum", s => s.QaAccuracy, s => s.QaAccuracyMax),
        ("QA accuracy, columns", "qa_univariate", "qa", "maximum", s => s.QaUnivariate, s => s.QaUnivariateMax),
        ("QA accuracy, pairs", "qa_bivariate", "qa", "maximum", s => s.QaBivariate, s => s.QaBivariateMax),
        ("QA accuracy, triples", "qa_trivariate", "qa", "maximum", s => s.QaTrivariate, s => s.QaTrivariateMax),
        ("Wasserstein distance", "wasserstein", "distance", "0", s => s.Wasserstein, null),
        ("Jensen-Shannon distance", "jensen_shannon", "distance", "0", s => s.JensenShannon, null),
        ("alpha-precision", "alpha_precision", "coverage", "1", s => s.AlphaPrecision, null),
        ("beta-recall", "beta_recall", "coverage", "ceiling", s => s.BetaRecall, null),
        ("Authenticity", "authenticity", "coverage", "ceiling", s => s.Authenticity, null),
        ("Detection by boosted trees, AUC", "c2st_auc", "c2st", "0.5", s => s.C2stAuc, null),
        ("Logistic detection", "logistic_detection", "c2st", "1", s => s.LogisticDetection, null),
        ("Models learned from it (TSTR)", "tstr", "tstr", "ceiling", s => s.Tstr, null),
        ("Models learned from real rows (TRTR)", "trtr", "tstr", "", s => s.Trtr, null),
        ("DCR share", "dcr_share", "dcr", "0.5", s => s.DcrShare, null),
        ("Rows that stand in training", "exact_match_train", "copies", "ceiling", s => s.ExactMatchTrain, null),
        ("Rows that stand in the holdout", "exact_match_holdout", "copies", "", s => s.ExactMatchHoldout, null),
    ];

    public static string Render(EvaluationReport report) =>
        $"<p>The {HtmlText.Term("ceiling", "ceiling")} is what the holdout, fresh real rows, reaches in the place of the synthetic table.</p>"
        + Page.Table(
            ["Score", "#Synthetic", "95 % interval", "#Ceiling", "#Expected maximum", "Ideal"],
            Rows.Select(row => new[]
            {
                HtmlText.Term(row.Name, row.Definition),
                HtmlText.Number(row.Of(report.Metrics)),
                report.Intervals.TryGetValue(row.Score, out var interval)
                    ? $"<span class=\"soft\">{HtmlText.Number(interval.Low)}–{HtmlText.Number(interval.High)}</span>" : "",
                report.Ceiling is { } ceiling && row.Of(ceiling) is { } reached ? HtmlText.Number(reached) : "",
                row.Most?.Invoke(report.Metrics) is { } most ? HtmlText.Number(most) : "",
                row.Ideal,
            }));
}
