namespace SynthStudio.Evaluation.Reporting;

/// <summary>The headline scores of one table. Null was not measured: <see cref="EvaluationReport.NotMeasured"/> says why.</summary>
public sealed record Scores
{
    /// <summary>How alike the columns' distributions are (SDMetrics Column Shapes), 0 to 1.</summary>
    public double? Shape { get; init; }

    /// <summary>How alike pairs of columns hang together (SDMetrics Column Pair Trends), each table cut into its own bins, 0 to 1.</summary>
    public double? Trend { get; init; }

    /// <summary>The same with training's bins for both tables.</summary>
    public double? TrendShared { get; init; }

    /// <summary><see cref="Trend"/> over the pairs associated in training: |correlation| above 0.5, Cramér's V above 0.3.</summary>
    public double? TrendThresholded { get; init; }

    /// <summary><see cref="TrendShared"/> over the pairs associated in training.</summary>
    public double? TrendSharedThresholded { get; init; }

    /// <summary>Mean difference of the pairs' associations (Pearson's correlation, Cramér's V): 0 is ideal.</summary>
    public double? CorrelationDifference { get; init; }

    /// <summary>How far numbers must move on average, as a share of training's range, mean over the numerical columns: 0 is ideal.</summary>
    public double? Wasserstein { get; init; }

    /// <summary>Jensen-Shannon distance of the binned columns, mean over all: 0 is ideal, 1 nothing in common.</summary>
    public double? JensenShannon { get; init; }

    /// <summary>How well rows keep to where real ones are typical: 1 is ideal.</summary>
    public double? AlphaPrecision { get; init; }

    /// <summary>How well rows cover where real ones are: what the holdout reaches is ideal.</summary>
    public double? BetaRecall { get; init; }

    /// <summary>Share of training rows with a real neighbour nearer than any of the rows: what the holdout reaches is ideal, near 0 is copying.</summary>
    public double? Authenticity { get; init; }

    /// <summary>QA accuracy of single columns, 0 to 1.</summary>
    public double? QaUnivariate { get; init; }

    /// <summary>What fresh real rows are expected to reach in <see cref="QaUnivariate"/>.</summary>
    public double? QaUnivariateMax { get; init; }

    /// <summary>QA accuracy of pairs of columns, 0 to 1.</summary>
    public double? QaBivariate { get; init; }

    /// <summary>What fresh real rows are expected to reach in <see cref="QaBivariate"/>.</summary>
    public double? QaBivariateMax { get; init; }

    /// <summary>QA accuracy of triples of columns, 0 to 1; not part of <see cref="QaAccuracy"/>.</summary>
    public double? QaTrivariate { get; init; }

    /// <summary>What fresh real rows are expected to reach in <see cref="QaTrivariate"/>.</summary>
    public double? QaTrivariateMax { get; init; }

    /// <summary>Mean of <see cref="QaUnivariate"/> and <see cref="QaBivariate"/>.</summary>
    public double? QaAccuracy { get; init; }

    /// <summary>What fresh real rows are expected to reach in <see cref="QaAccuracy"/>.</summary>
    public double? QaAccuracyMax { get; init; }

    /// <summary>AUC with which boosted trees tell the rows from training rows: 0.5 is ideal, 1 is always told, clearly below 0.5 is copying.</summary>
    public double? C2stAuc { get; init; }

    /// <summary>One minus how well a logistic regression tells the rows from training rows (SDMetrics): 1 cannot be told, 0 is always told.</summary>
    public double? LogisticDetection { get; init; }

    /// <summary>Holdout score of trees trained on these rows, in the measure <see cref="EvaluationReport.TstrMetric"/>.</summary>
    public double? Tstr { get; init; }

    /// <summary>Holdout score of trees trained on training rows: the ceiling of <see cref="Tstr"/>.</summary>
    public double? Trtr { get; init; }

    /// <summary>Share of rows nearer to training than to holdout rows: 0.5 is ideal, 1 is copying.</summary>
    public double? DcrShare { get; init; }

    /// <summary>Share of rows that stand in training.</summary>
    public double? ExactMatchTrain { get; init; }

    /// <summary>Share of rows that stand in the holdout.</summary>
    public double? ExactMatchHoldout { get; init; }

    /// <summary>Median Gower distance to the nearest training row, summed over columns of range 1.</summary>
    public double? MedianDistanceTrain { get; init; }

    /// <summary>Median Gower distance to the nearest holdout row.</summary>
    public double? MedianDistanceHoldout { get; init; }
}
