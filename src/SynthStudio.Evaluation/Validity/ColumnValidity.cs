namespace SynthStudio.Evaluation.Validity;

/// <summary>What was found in one column. Shares are 0 to 1, those of real rows of counts rounded to five; what needs a holdout is null without one.</summary>
/// <param name="Name">The column.</param>
/// <param name="NullRateTrain">Share of missing values in training.</param>
/// <param name="NullRateSynthetic">Share of missing values in the synthetic table.</param>
/// <param name="NullRateHoldout">Share of missing values in the holdout.</param>
/// <param name="OutsideSynthetic">
/// Share of the present synthetic values that are out of the training range or not among training's categories; null for a key.
/// </param>
/// <param name="OutsideHoldout">The same share of the holdout.</param>
/// <param name="DuplicateKeys">Of a key column, the share of synthetic rows whose key is missing or stood in an earlier row; null otherwise.</param>
/// <param name="InvalidSynthetic">
/// Share of the synthetic cells that are not of the column's kind (no number, no date in the training table's spelling); they count as missing. Null in
/// reports of older programs.
/// </param>
public sealed record ColumnValidity(
    string Name,
    double NullRateTrain,
    double NullRateSynthetic,
    double? NullRateHoldout,
    double? OutsideSynthetic,
    double? OutsideHoldout,
    double? DuplicateKeys,
    double? InvalidSynthetic = null);
