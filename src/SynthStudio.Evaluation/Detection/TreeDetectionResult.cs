using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Detection;

/// <summary>How well trees tell the rows apart, and by what.</summary>
/// <param name="Auc">Mean over the folds, 0 to 1, with the interval of Hanley and McNeil over all rows.</param>
/// <param name="GainShares">Each column's share of what the trees gained, in table order; sums to 1 where anything was gained.</param>
/// <param name="Roc">Share of the other rows that are recognised when 0, 1/50, 2/50 … 1 of the training rows are mistaken for such, mean over folds.</param>
internal sealed record TreeDetectionResult(Estimate Auc, double[] GainShares, double[] Roc);
