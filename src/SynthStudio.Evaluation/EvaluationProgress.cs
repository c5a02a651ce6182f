namespace SynthStudio.Evaluation;

/// <summary>Where an evaluation stands.</summary>
/// <param name="Part">What is being measured, for example <c>detection</c>.</param>
/// <param name="Fraction">Share of the whole evaluation that is done, 0 to 1.</param>
public readonly record struct EvaluationProgress(string Part, double Fraction);
