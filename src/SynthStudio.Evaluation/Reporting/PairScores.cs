namespace SynthStudio.Evaluation.Reporting;

/// <summary>The scores of one pair of columns, 0 to 1.</summary>
/// <param name="First">The first column.</param>
/// <param name="Second">The second column.</param>
/// <param name="Trend">How alike the dependence is; null when the correlation is undefined in training.</param>
/// <param name="TrendShared">The same with training's bins for both tables.</param>
/// <param name="Association">Correlation (two numerical columns) or Cramér's V in training.</param>
/// <param name="IsAssociated">Whether the pair counts in the thresholded trend.</param>
/// <param name="QaAccuracy">How alike the binned pair is.</param>
/// <param name="SyntheticAssociation">The association in the synthetic table; null where it is undefined.</param>
public sealed record PairScores(
    string First,
    string Second,
    double? Trend,
    double? TrendShared,
    double? Association,
    bool? IsAssociated,
    double? QaAccuracy,
    double? SyntheticAssociation = null);
