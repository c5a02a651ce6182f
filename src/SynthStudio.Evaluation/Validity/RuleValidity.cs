namespace SynthStudio.Evaluation.Validity;

/// <summary>How often rows break a rule of the schema. Shares are 0 to 1, those of real rows of counts rounded to five.</summary>
/// <param name="Name">The rule's name in the schema.</param>
/// <param name="Columns">The columns it speaks of.</param>
/// <param name="BrokenTrain">Share of training rows that break it.</param>
/// <param name="BrokenSynthetic">Share of synthetic rows.</param>
/// <param name="BrokenHoldout">Share of holdout rows; null without a holdout.</param>
public sealed record RuleValidity(string Name, IReadOnlyList<string> Columns, double BrokenTrain, double BrokenSynthetic, double? BrokenHoldout);
