namespace SynthStudio.Evaluation.Shape;

/// <summary>How alike the columns' distributions are, 0 to 1.</summary>
/// <param name="Mean">Mean over the columns.</param>
/// <param name="PerColumn">One score a scored column, in table order.</param>
/// <param name="StandardError">Of the mean; null when it was not asked for.</param>
internal sealed record ShapeResult(double Mean, double[] PerColumn, double? StandardError = null);
