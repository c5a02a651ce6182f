namespace SynthStudio.Evaluation.Utility;

/// <summary>A holdout score, or why there is none.</summary>
/// <param name="Score">AUC and macro-F1 from 0 to 1, R² up to 1.</param>
/// <param name="Rows">Rows that were learned from.</param>
/// <param name="Reason">Why there is no score.</param>
internal sealed record UtilityResult(double? Score, int Rows, string? Reason)
{
    public static UtilityResult Of(double score, int rows) => new(score, rows, null);

    public static UtilityResult Without(string reason) => new(null, 0, reason);
}
