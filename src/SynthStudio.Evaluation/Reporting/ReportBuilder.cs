using SynthStudio.Evaluation.Accuracy;
using SynthStudio.Evaluation.Coverage;
using SynthStudio.Evaluation.Detection;
using SynthStudio.Evaluation.Distance;
using SynthStudio.Evaluation.Distribution;
using SynthStudio.Evaluation.Histograms;
using SynthStudio.Evaluation.Privacy;
using SynthStudio.Evaluation.Shape;
using SynthStudio.Evaluation.Statistics;
using SynthStudio.Evaluation.Subgroups;
using SynthStudio.Evaluation.Trend;
using SynthStudio.Evaluation.Utility;
using SynthStudio.Evaluation.Validity;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Reporting;

/// <summary>Collects the results of the parts, null where one did not run, and lays them out as a report.</summary>
internal sealed class ReportBuilder(EvaluationContext context, SamplingFacts rows, LearningTask? task)
{
    public ValidityResult? Validity { get; set; }

    public ShapeResult? Shape { get; set; }

    public ShapeResult? ShapeCeiling { get; set; }

    public TrendResult? Trend { get; set; }

    public TrendResult? TrendCeiling { get; set; }

    public AccuracyResult? Accuracy { get; set; }

    public AccuracyResult? AccuracyCeiling { get; set; }

    public TreeDetectionResult? Detection { get; set; }

    public TreeDetectionResult? DetectionCeiling { get; set; }

    public Estimate? LogisticDetection { get; set; }

    public Estimate? LogisticDetectionCeiling { get; set; }

    public DistributionResult? Distribution { get; set; }

    public DistributionResult? DistributionCeiling { get; set; }

    public CoverageResult? Coverage { get; set; }

    public CoverageResult? CoverageCeiling { get; set; }

    public IReadOnlyList<SubgroupResult> Subgroups { get; set; } = [];

    public IReadOnlyList<ColumnHistogram> Histograms { get; set; } = [];

    public UtilityPart? Utility { get; set; }

    public DistanceResult? Distance { get; set; }

    public DistanceResult? DistanceCeiling { get; set; }

    public PrivacyResult? Privacy { get; set; }

    /// <param name="hasCeiling">Whether the holdout was scored in the place of the synthetic table.</param>
    /// <param name="seconds">Wall-clock seconds of each part.</param>
    public EvaluationReport Build(bool hasCeiling, IReadOnlyDictionary<string, double> seconds) => new()
    {
        Seed = context.Options.Seed,
        Sampling = Sampling(),
        Validity = Validity ?? new ValidityResult([], []),
        Metrics = Lay(Shape, Distribution, Trend, Accuracy, Coverage, Detection, LogisticDetection, Distance) with
        {
            Tstr = Utility?.Synthetic?.Score?.Value,
            Trtr = Utility?.Training?.Score?.Value,
        },
        Ceiling = hasCeiling
            ? Lay(
                ShapeCeiling, DistributionCeiling, TrendCeiling, AccuracyCeiling,
                CoverageCeiling, DetectionCeiling, LogisticDetectionCeiling, DistanceCeiling) with
            {
                Trtr = Utility?.Training?.Score?.Value,
            }
            : null,
        Intervals = new ScoreIntervals(this, rows).All(),
        TstrMetric = task is { } kind ? UtilityTask.MeasureOf(kind) : null,
        Columns = [.. context.Columns.Select((column, i) => new ColumnScores(
            column.Name,
            column.Schema.Kind.ToString().ToLowerInvariant(),
            Shape?.PerColumn[i],
            ShapeCeiling?.PerColumn[i],
            Accuracy?.PerColumn[i],
            Detection?.GainShares[i],
            Distribution?.Wasserstein[i],
            Distribution?.JensenShannon[i]))],
        Pairs = [.. context.Pairs.Select((pair, i) => new PairScores(
            context.Columns[pair.X].Name,
            context.Columns[pair.Y].Name,
            Trend?.Pairs[i].Own,
            Trend?.Pairs[i].Shared,
            Trend?.Pairs[i].Association,
            Trend?.Pairs[i].IsStrong,
            Accuracy?.PerPair[i],
            Trend?.Pairs[i].OtherAssociation))],
        Detection = DetectionReport(),
        Utility = Utility?.Targets ?? [],
        Fairness = Utility?.Fairness ?? [],
        Subgroups = Subgroups,
        Histograms = Histograms,
        Privacy = Privacy,
        NotMeasured = context.Unmeasured,
        Seconds = seconds,
    };

    private SamplingFacts Sampling()
    {
        var detection = Detection is not null || LogisticDetection is not null;
        return rows with
        {
            DetectionRowsPerClass = detection ? Math.Min(rows.SyntheticRowsUsed, context.Options.MaxDetectionRows) : null,
            TstrRows = Utility?.Synthetic is { Score: not null } learned ? learned.Rows : null,
            TriplesUsed = Accuracy?.Triples,
            CoverageRows = Coverage?.Rows,
            DcrRows = Distance?.QueryRows,
            DcrReferenceRows = Distance?.ReferenceRows,
        };
    }

    private DetectionReport? DetectionReport() => Detection is null ? null : new DetectionReport(
        Detection.Auc,
        DetectionCeiling?.Auc,
        Detection.Roc,
        DetectionCeiling?.Roc,
        [
            .. Detection.GainShares.Select((share, i) => new TellingColumn(context.Columns[i].Name, share))
                .Where(column => column.Share > 0).OrderByDescending(column => column.Share),
        ]);

    private static Scores Lay(
        ShapeResult? shape,
        DistributionResult? distribution,
        TrendResult? trend,
        AccuracyResult? accuracy,
        CoverageResult? coverage,
        TreeDetectionResult? detection,
        Estimate? logistic,
        DistanceResult? distance) => new()
    {
        Shape = shape?.Mean,
        Trend = trend?.Mean,
        TrendShared = trend?.SharedMean,
        TrendThresholded = trend?.ThresholdedMean,
        TrendSharedThresholded = trend?.SharedThresholdedMean,
        CorrelationDifference = trend?.AssociationDifference,
        Wasserstein = distribution?.WassersteinMean,
        JensenShannon = distribution?.JensenShannonMean,
        AlphaPrecision = coverage?.AlphaPrecision.Value,
        BetaRecall = coverage?.BetaRecall.Value,
        Authenticity = coverage?.Authenticity.Value,
        QaTrivariate = accuracy?.Trivariate,
        QaTrivariateMax = accuracy?.TrivariateMax,
        QaUnivariate = accuracy?.Univariate,
        QaUnivariateMax = accuracy?.UnivariateMax,
        QaBivariate = accuracy?.Bivariate,
        QaBivariateMax = accuracy?.BivariateMax,
        QaAccuracy = accuracy?.Overall,
        QaAccuracyMax = accuracy?.OverallMax,
        C2stAuc = detection?.Auc.Value,
        LogisticDetection = logistic?.Value,
        DcrShare = distance?.NearerToTrainShare,
        ExactMatchTrain = distance?.ExactMatchTrain,
        ExactMatchHoldout = distance?.ExactMatchHoldout,
        MedianDistanceTrain = distance?.MedianToTrain?.Value,
        MedianDistanceHoldout = distance?.MedianToHoldout?.Value,
    };
}
