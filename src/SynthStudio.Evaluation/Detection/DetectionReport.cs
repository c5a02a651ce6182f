using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Detection;

/// <summary>How well boosted trees tell synthetic from training rows, beside holdout rows.</summary>
/// <param name="Auc">Area under the curve against the synthetic table.</param>
/// <param name="HoldoutAuc">Against the holdout: what fresh real rows reach; null without one.</param>
/// <param name="Roc">Share of synthetic rows recognised when 0, 1/50, 2/50 … 1 of the training rows are mistaken for synthetic.</param>
/// <param name="HoldoutRoc">The same against the holdout.</param>
/// <param name="TellingColumns">The columns that give the table away, the most telling first, with their share of what the trees gained.</param>
public sealed record DetectionReport(
    Estimate Auc,
    Estimate? HoldoutAuc,
    IReadOnlyList<double> Roc,
    IReadOnlyList<double>? HoldoutRoc,
    IReadOnlyList<TellingColumn> TellingColumns);

/// <summary>A column by which synthetic rows are recognised.</summary>
/// <param name="Column">Its name.</param>
/// <param name="Share">Its share of what the trees gained, 0 to 1.</param>
public sealed record TellingColumn(string Column, double Share);
