namespace SynthStudio.Evaluation.Privacy;

/// <summary>What one privacy measure says.</summary>
/// <param name="Measure">The measure, for example <c>exact_copies</c> or <c>linkability (nearest row)</c>.</param>
/// <param name="PValue">How likely so much or more is when nothing leaks.</param>
/// <param name="IsAlarm">Whether that is too unlikely, all measures considered.</param>
/// <param name="Finding">What was found, in words.</param>
public sealed record PrivacyTest(string Measure, double PValue, bool IsAlarm, string Finding);
