namespace SynthStudio.Evaluation.Histograms;

/// <summary>One column's distribution in every table, to be drawn.</summary>
/// <param name="Column">The column.</param>
/// <param name="IsNumeric">Whether the bins are ranges of numbers, else categories.</param>
/// <param name="Labels">A category each bin; of ranges the edges, one more than there are bins, the outer bins being open.</param>
/// <param name="Train">Share of training rows in each bin, as all shares of a count rounded to five rows.</param>
/// <param name="Synthetic">Share of synthetic rows.</param>
/// <param name="Holdout">Share of holdout rows; null without one.</param>
/// <param name="MissingTrain">Share of training rows without a value.</param>
/// <param name="MissingSynthetic">Share of synthetic rows without a value.</param>
public sealed record ColumnHistogram(
    string Column,
    bool IsNumeric,
    IReadOnlyList<string> Labels,
    IReadOnlyList<double> Train,
    IReadOnlyList<double> Synthetic,
    IReadOnlyList<double>? Holdout,
    double MissingTrain,
    double MissingSynthetic);
