namespace SynthStudio.Evaluation.Reporting;

/// <summary>A metric without a value.</summary>
/// <param name="Metric">Its name in the report, with the column or pair in brackets when only that is missing.</param>
/// <param name="Reason">Why, in words for the reader of the report.</param>
public sealed record NotMeasured(string Metric, string Reason);
