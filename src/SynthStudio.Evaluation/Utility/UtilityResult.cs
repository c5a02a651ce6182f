using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Utility;

/// <summary>A holdout score, or why there is none.</summary>
/// <param name="Score">AUC and macro-F1 from 0 to 1, R² up to 1, with its interval.</param>
/// <param name="Rows">Rows that were learned from.</param>
/// <param name="Reason">Why there is no score.</param>
/// <param name="Prediction">What was predicted of the holdout's rows with a target; of several classes class by class.</param>
/// <param name="Labels">Scores predictions of some of these rows.</param>
/// <param name="Gains">What each column contributed to trees, in table order, the target's being 0; null for other models.</param>
internal sealed record UtilityResult(
    Estimate? Score, int Rows, string? Reason, double[]? Prediction = null, TargetLabels? Labels = null, double[]? Gains = null)
{
    public static UtilityResult Without(string reason) => new(null, 0, reason);
}
