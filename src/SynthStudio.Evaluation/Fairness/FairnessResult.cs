using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Fairness;

/// <summary>How the groups that a protected column makes fare, in training and in the synthetic table.</summary>
/// <param name="Column">The protected column.</param>
/// <param name="IsGuessed">Whether nobody named it and it was chosen by its name.</param>
/// <param name="Target">The column whose rate is compared.</param>
/// <param name="Favoured">The target's value that is counted; null when its mean is compared.</param>
/// <param name="Groups">The groups, the largest first.</param>
/// <param name="RateGapTraining">Greatest less smallest rate over the groups in training (demographic parity difference).</param>
/// <param name="RateGapSynthetic">The same in the synthetic table.</param>
/// <param name="ScoreGapTraining">Greatest less smallest holdout score over the groups of trees learned from training rows; null without two scores.</param>
/// <param name="ScoreGapSynthetic">The same learned from synthetic rows.</param>
public sealed record FairnessResult(
    string Column,
    bool IsGuessed,
    string Target,
    string? Favoured,
    IReadOnlyList<FairnessGroup> Groups,
    double? RateGapTraining,
    double? RateGapSynthetic,
    double? ScoreGapTraining,
    double? ScoreGapSynthetic);

/// <summary>One group.</summary>
/// <param name="Group">The protected column's value.</param>
/// <param name="TrainRows">Training rows of the group.</param>
/// <param name="SyntheticRows">Synthetic rows of the group.</param>
/// <param name="RateTraining">Share of its training rows with the favoured target, or their mean target; null without rows.</param>
/// <param name="RateSynthetic">The same of its synthetic rows.</param>
/// <param name="ScoreTraining">Holdout score within the group of trees learned from training rows; null where it is undefined.</param>
/// <param name="ScoreSynthetic">The same learned from synthetic rows.</param>
public sealed record FairnessGroup(
    string Group, int TrainRows, int SyntheticRows, Estimate? RateTraining, Estimate? RateSynthetic, double? ScoreTraining, double? ScoreSynthetic);
