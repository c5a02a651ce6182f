using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Reporting;

/// <summary>The 95 % intervals of the headline scores, by their names in the report.</summary>
internal sealed class ScoreIntervals(ReportBuilder report, SamplingFacts rows)
{
    public IReadOnlyDictionary<string, Estimate> All()
    {
        var (trend, accuracy, distribution) = (report.Trend, report.Accuracy, report.Distribution);
        (string Name, Estimate? Interval)[] all =
        [
            ("shape", Of(report.Shape?.Mean, report.Shape?.StandardError)),
            ("trend_shared", Of(trend?.SharedMean, trend?.Errors?.Shared)),
            ("trend_shared_thresholded", Of(trend?.SharedThresholdedMean, trend?.Errors?.SharedThresholded)),
            ("correlation_difference", Of(trend?.AssociationDifference, trend?.Errors?.Association)),
            ("wasserstein", Of(distribution?.WassersteinMean, distribution?.WassersteinError, double.PositiveInfinity)),
            ("jensen_shannon", Of(distribution?.JensenShannonMean, distribution?.JensenShannonError)),
            ("qa_univariate", Of(accuracy?.Univariate, accuracy?.Errors?.Univariate)),
            ("qa_bivariate", Of(accuracy?.Bivariate, accuracy?.Errors?.Bivariate)),
            ("qa_trivariate", Of(accuracy?.Trivariate, accuracy?.Errors?.Trivariate)),
            ("qa_accuracy", Of(accuracy?.Overall, accuracy?.Errors?.Overall)),
            ("alpha_precision", report.Coverage?.AlphaPrecision),
            ("beta_recall", report.Coverage?.BetaRecall),
            ("authenticity", report.Coverage?.Authenticity),
            ("c2st_auc", report.Detection?.Auc),
            ("logistic_detection", report.LogisticDetection),
            ("tstr", report.Utility?.Synthetic?.Score),
            ("trtr", report.Utility?.Training?.Score),
            ("dcr_share", report.Distance?.NearerToTrain),
            ("exact_match_train", OfRows(report.Distance?.ExactMatchTrain)),
            ("exact_match_holdout", OfRows(report.Distance?.ExactMatchHoldout)),
            ("median_distance_train", report.Distance?.MedianToTrain),
            ("median_distance_holdout", report.Distance?.MedianToHoldout),
        ];
        return all.Where(score => score.Interval is not null).ToDictionary(score => score.Name, score => score.Interval!);
    }

    private static Estimate? Of(double? value, double? error, double most = 1) =>
        value is { } known && error is { } spread ? Estimate.OfNormal(known, spread, 0, most) : null;

    private Estimate? OfRows(double? share) =>
        share is { } value ? Estimate.OfShare((long)Math.Round(value * rows.SyntheticRowsUsed), rows.SyntheticRowsUsed) : null;
}
