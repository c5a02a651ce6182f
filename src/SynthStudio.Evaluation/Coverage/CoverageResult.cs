using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Coverage;

/// <summary>Fidelity, diversity and novelty in the sense of Alaa et al. (2102.08921), 0 to 1.</summary>
/// <param name="AlphaPrecision">How well synthetic rows keep to where real ones are typical: 1 is ideal.</param>
/// <param name="BetaRecall">How well they cover where real ones are: what fresh real rows reach, far below 1, is ideal.</param>
/// <param name="Authenticity">Share of real rows that have a real neighbour nearer than any synthetic row: 0.5 for fresh real rows, near 0 for copies.</param>
/// <param name="Rows">Rows of each table that were looked at.</param>
internal sealed record CoverageResult(Estimate AlphaPrecision, Estimate BetaRecall, Estimate Authenticity, int Rows);
