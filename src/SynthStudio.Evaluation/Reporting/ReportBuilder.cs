using SynthStudio.Evaluation.Accuracy;
using SynthStudio.Evaluation.Detection;
using SynthStudio.Evaluation.Distance;
using SynthStudio.Evaluation.Privacy;
using SynthStudio.Evaluation.Shape;
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

    public double? LogisticDetection { get; set; }

    public double? LogisticDetectionCeiling { get; set; }

    public UtilityResult? SyntheticUtility { get; set; }

    public UtilityResult? RealUtility { get; set; }

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
        Metrics = Lay(Shape, Trend, Accuracy, Detection, LogisticDetection, Distance) with
        {
            Tstr = SyntheticUtility?.Score,
            Trtr = RealUtility?.Score,
        },
        Ceiling = hasCeiling
            ? Lay(ShapeCeiling, TrendCeiling, AccuracyCeiling, DetectionCeiling, LogisticDetectionCeiling, DistanceCeiling) with
            {
                Trtr = RealUtility?.Score,
            }
            : null,
        TstrMetric = task switch
        {
            LearningTask.Binary => "AUC",
            LearningTask.Multiclass => "macro-F1",
            LearningTask.Regression => "R2",
            _ => null,
        },
        Columns = [.. context.Columns.Select((column, i) => new ColumnScores(
            column.Name,
            column.Schema.Kind.ToString().ToLowerInvariant(),
            Shape?.PerColumn[i],
            ShapeCeiling?.PerColumn[i],
            Accuracy?.PerColumn[i],
            Detection?.GainShares[i]))],
        Pairs = [.. context.Pairs.Select((pair, i) => new PairScores(
            context.Columns[pair.X].Name,
            context.Columns[pair.Y].Name,
            Trend?.Pairs[i].Own,
            Trend?.Pairs[i].Shared,
            Trend?.Pairs[i].Association,
            Trend?.Pairs[i].IsStrong,
            Accuracy?.PerPair[i]))],
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
            TstrRows = SyntheticUtility?.Rows,
            DcrRows = Distance?.QueryRows,
            DcrReferenceRows = Distance?.ReferenceRows,
        };
    }

    private static Scores Lay(
        ShapeResult? shape, TrendResult? trend, AccuracyResult? accuracy, TreeDetectionResult? detection, double? logistic, DistanceResult? distance) => new()
    {
        Shape = shape?.Mean,
        Trend = trend?.Mean,
        TrendShared = trend?.SharedMean,
        TrendThresholded = trend?.ThresholdedMean,
        QaUnivariate = accuracy?.Univariate,
        QaUnivariateMax = accuracy?.UnivariateMax,
        QaBivariate = accuracy?.Bivariate,
        QaBivariateMax = accuracy?.BivariateMax,
        QaAccuracy = accuracy?.Overall,
        QaAccuracyMax = accuracy?.OverallMax,
        C2stAuc = detection?.Auc,
        LogisticDetection = logistic,
        DcrShare = distance?.NearerToTrainShare,
        ExactMatchTrain = distance?.ExactMatchTrain,
        ExactMatchHoldout = distance?.ExactMatchHoldout,
        MedianDistanceTrain = distance?.MedianToTrain,
        MedianDistanceHoldout = distance?.MedianToHoldout,
    };
}
