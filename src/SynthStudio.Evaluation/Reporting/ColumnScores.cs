namespace SynthStudio.Evaluation.Reporting;

/// <summary>The scores of one column, 0 to 1.</summary>
/// <param name="Name">The column.</param>
/// <param name="Kind">Its kind, for example <c>integer</c>.</param>
/// <param name="Shape">How alike the distribution is.</param>
/// <param name="ShapeCeiling">What the holdout reaches.</param>
/// <param name="QaAccuracy">How alike the binned column is.</param>
/// <param name="DetectionShare">The column's share in telling synthetic from training rows; high in a column that gives the table away.</param>
/// <param name="Wasserstein">How far numbers must move on average, as a share of training's range; null for categories.</param>
/// <param name="JensenShannon">Jensen-Shannon distance of the binned column, 0 to 1.</param>
public sealed record ColumnScores(
    string Name,
    string Kind,
    double? Shape,
    double? ShapeCeiling,
    double? QaAccuracy,
    double? DetectionShare,
    double? Wasserstein = null,
    double? JensenShannon = null);
