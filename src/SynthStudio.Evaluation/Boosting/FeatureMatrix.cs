namespace SynthStudio.Evaluation.Boosting;

/// <summary>Rows of features, row by row in one array; NaN is a missing value.</summary>
/// <param name="Values">All values, Rows x Columns.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Columns">Number of features.</param>
internal sealed record FeatureMatrix(double[] Values, int Rows, int Columns);
