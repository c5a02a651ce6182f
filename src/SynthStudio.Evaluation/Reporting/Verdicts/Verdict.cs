namespace SynthStudio.Evaluation.Reporting.Verdicts;

/// <summary>What the figures mean, in words for people who are no statisticians.</summary>
/// <param name="Headline">The gist in one sentence.</param>
/// <param name="Findings">One a aspect.</param>
/// <param name="Advice">What to try next, the most important first.</param>
public sealed record Verdict(string Headline, IReadOnlyList<Finding> Findings, IReadOnlyList<string> Advice);

/// <summary>How one aspect turned out.</summary>
/// <param name="Aspect">The question it answers, for example <c>Is it alike?</c></param>
/// <param name="Grade">The answer in short.</param>
/// <param name="Reason">The answer in a sentence, with the figures it rests on.</param>
public sealed record Finding(string Aspect, Grade Grade, string Reason);
