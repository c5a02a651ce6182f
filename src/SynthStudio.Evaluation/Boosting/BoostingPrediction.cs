namespace SynthStudio.Evaluation.Boosting;

/// <summary>What fitted trees say of the test rows.</summary>
/// <param name="Values">One value a row; of several classes all rows' probabilities of class 0, then of class 1, and so on.</param>
/// <param name="Gains">Total loss reduction of the splits on each feature.</param>
internal sealed record BoostingPrediction(double[] Values, double[] Gains);
