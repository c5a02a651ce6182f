namespace SynthStudio.Evaluation.Reporting.Html.Sections;

/// <summary>All headline scores with their intervals and what fresh real rows reach.</summary>
internal static class ScoresSection
{
    /// <summary>
    /// The ceiling is the holdout's score, except where it is part of what is compared with, or its score is another one.
    /// </summary>
    private static readonly (
        string Name, string Score, string Definition, string Ideal,
        Func<Scores, double?> Of, Func<EvaluationReport, double?> Ceiling)[] Rows =
    [
        ("Column shapes", "shape", "shape", "1", s => s.Shape, r => r.Ceiling?.Shape),
        ("Pair trends, own bins", "trend", "trend", "1", s => s.Trend, r => r.Ceiling?.Trend),
        ("Pair trends, shared bins", "trend_shared", "trend", "1", s => s.TrendShared, r => r.Ceiling?.TrendShared),
        ("Pair trends, own bins, associated pairs only", "trend_thresholded", "trend", "1", s => s.TrendThresholded, r => r.Ceiling?.TrendThresholded),
        ("Pair trends, shared bins, associated pairs only", "trend_shared_thresholded", "trend", "1", s => s.TrendSharedThresholded, r => r.Ceiling?.TrendSharedThresholded),
        ("Correlation difference", "correlation_difference", "association", "0", s => s.CorrelationDifference, r => r.Ceiling?.CorrelationDifference),
        ("QA accuracy", "qa_accuracy", "qa", "1", s => s.QaAccuracy, r => r.Metrics.QaAccuracyMax),
        ("QA accuracy, columns", "qa_univariate", "qa", "1", s => s.QaUnivariate, r => r.Metrics.QaUnivariateMax),
        ("QA accuracy, pairs", "qa_bivariate", "qa", "1", s => s.QaBivariate, r => r.Metrics.QaBivariateMax),
        ("QA accuracy, triples", "qa_trivariate", "qa", "1", s => s.QaTrivariate, r => r.Metrics.QaTrivariateMax),
        ("Wasserstein distance, in % of the range", "wasserstein", "distance", "0", s => s.Wasserstein, r => r.Ceiling?.Wasserstein),
        ("Jensen-Shannon distance", "jensen_shannon", "distance", "0", s => s.JensenShannon, r => r.Ceiling?.JensenShannon),
        ("alpha-precision", "alpha_precision", "coverage", "1", s => s.AlphaPrecision, r => r.Ceiling?.AlphaPrecision),
        ("beta-recall", "beta_recall", "coverage", "as fresh rows", s => s.BetaRecall, r => r.Ceiling?.BetaRecall),
        ("Authenticity", "authenticity", "coverage", "as fresh rows", s => s.Authenticity, r => r.Ceiling?.Authenticity),
        ("Detection by boosted trees, AUC", "c2st_auc", "c2st", "0.5", s => s.C2stAuc, r => r.Ceiling?.C2stAuc),
        ("Logistic detection", "logistic_detection", "c2st", "1", s => s.LogisticDetection, r => r.Ceiling?.LogisticDetection),
        ("Models learned from it (TSTR)", "tstr", "tstr", "as fresh rows", s => s.Tstr, r => r.Metrics.Trtr),
        ("Models learned from real rows (TRTR)", "trtr", "tstr", "", s => s.Trtr, _ => null),
        ("DCR share", "dcr_share", "dcr", "0.5", s => s.DcrShare, r => r.Metrics.DcrShare is null ? null : 0.5),
        ("Rows that stand in training", "exact_match_train", "copies", "as fresh rows", s => s.ExactMatchTrain, r => r.Ceiling?.ExactMatchTrain),
        ("Rows that stand in the holdout", "exact_match_holdout", "copies", "", s => s.ExactMatchHoldout, _ => null),
    ];

    /// <summary>Small shares, shown in percent.</summary>
    private static readonly HashSet<string> Percents = ["wasserstein", "exact_match_train", "exact_match_holdout"];

    public static string Render(EvaluationReport report) =>
        $"<p>{HtmlText.Term("Fresh real rows", "ceiling")}, which the generator never saw, reach what stands beside them: better than that is luck, or copying. "
        + $"{HtmlText.Term("Intervals", "interval")} say how far chance alone moves a score.</p>"
        + Page.Table(
            ["Score", "#Synthetic", "95 % interval", "#Fresh real rows", "Ideal"],
            Rows.Select(row => new[]
            {
                HtmlText.Term(row.Name, row.Definition),
                Figure(row.Score, row.Of(report.Metrics)),
                report.Intervals.TryGetValue(row.Score, out var interval)
                    ? $"<span class=\"soft\">{Figure(row.Score, interval.Low)}–{Figure(row.Score, interval.High)}</span>" : "",
                row.Ceiling(report) is { } reached ? Figure(row.Score, reached) : "",
                row.Ideal,
            }));

    private static string Figure(string score, double? value) => Percents.Contains(score) ? HtmlText.Percent(value, 2) : HtmlText.Number(value);
}
