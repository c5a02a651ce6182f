namespace SynthStudio.Evaluation.Trend;

/// <summary>How alike one pair of columns hangs together.</summary>
/// <param name="X">First column.</param>
/// <param name="Y">Second column, after the first.</param>
/// <param name="Own">Score with each table's own bins; null when the correlation is undefined in training.</param>
/// <param name="Shared">Score with training's bins for both.</param>
/// <param name="Association">Correlation or Cramér's V in training.</param>
/// <param name="OtherAssociation">The same in the other table, cut into training's bins; null when it is undefined there.</param>
/// <param name="IsStrong">Whether the association is above SDMetrics' threshold.</param>
internal sealed record PairTrend(int X, int Y, double? Own, double? Shared, double? Association, double? OtherAssociation, bool IsStrong);
