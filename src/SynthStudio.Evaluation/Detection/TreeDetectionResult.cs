namespace SynthStudio.Evaluation.Detection;

/// <summary>How well trees tell the rows apart, and by what.</summary>
/// <param name="Auc">Mean over the folds, 0 to 1.</param>
/// <param name="GainShares">Each column's share of what the trees gained, in table order; sums to 1 where anything was gained.</param>
internal sealed record TreeDetectionResult(double Auc, double[] GainShares);
