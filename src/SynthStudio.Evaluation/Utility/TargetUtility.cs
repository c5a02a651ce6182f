using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Utility;

/// <summary>How well one column is predicted by models that learned from synthetic rows, from training rows, and from both.</summary>
/// <param name="Target">The column.</param>
/// <param name="Task"><c>binary</c>, <c>multiclass</c> or <c>regression</c>.</param>
/// <param name="Measure"><c>AUC</c>, <c>macro-F1</c> or <c>R2</c> on the holdout.</param>
/// <param name="Models">Every model with every table it learned from.</param>
/// <param name="ImportanceAgreement">Spearman's correlation of what columns contribute to trees learned from synthetic and from training rows; null when undefined.</param>
/// <param name="Features">Contributions of the columns, the most important in training first.</param>
public sealed record TargetUtility(
    string Target, string Task, string Measure, IReadOnlyList<ModelUtility> Models, double? ImportanceAgreement, IReadOnlyList<FeatureImportance> Features);

/// <summary>One model's score on the holdout.</summary>
/// <param name="Model"><c>boosted trees</c> or <c>linear</c>.</param>
/// <param name="LearnedFrom"><c>synthetic</c>, <c>training</c> or <c>training and synthetic</c>.</param>
/// <param name="Score">With its interval; null when there is none.</param>
/// <param name="Rows">Rows that were learned from.</param>
/// <param name="Reason">Why there is no score.</param>
public sealed record ModelUtility(string Model, string LearnedFrom, Estimate? Score, int Rows, string? Reason);

/// <summary>A column's share of what trees gained.</summary>
/// <param name="Column">The column.</param>
/// <param name="Training">In trees learned from training rows.</param>
/// <param name="Synthetic">In trees learned from synthetic rows.</param>
public sealed record FeatureImportance(string Column, double Training, double Synthetic);
