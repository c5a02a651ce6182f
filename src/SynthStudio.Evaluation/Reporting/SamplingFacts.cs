namespace SynthStudio.Evaluation.Reporting;

/// <summary>How many rows there are and how many were used where not all were. Null where the part did not run.</summary>
/// <param name="TrainRows">Rows of the training table.</param>
/// <param name="SyntheticRows">Rows of the synthetic table.</param>
/// <param name="HoldoutRows">Rows of the holdout; null without one.</param>
/// <param name="TrainRowsUsed">Training rows that were looked at.</param>
/// <param name="SyntheticRowsUsed">Synthetic rows that were looked at: at most as many as training rows, because scores depend on size.</param>
/// <param name="HoldoutRowsUsed">Holdout rows that were looked at.</param>
/// <param name="Pairs">Pairs of columns there are.</param>
/// <param name="PairsUsed">Pairs of columns that were looked at.</param>
/// <param name="DetectionRowsPerClass">Rows a side of the detection tests.</param>
/// <param name="TstrRows">Synthetic rows with a target that the predictor learned from.</param>
/// <param name="DcrRows">Synthetic rows whose distance was measured.</param>
/// <param name="DcrReferenceRows">Training rows, and as many holdout rows, that distances were measured to.</param>
/// <param name="TriplesUsed">Triples of columns that were looked at.</param>
/// <param name="CoverageRows">Rows of each table that coverage compared.</param>
public sealed record SamplingFacts(
    int TrainRows,
    int SyntheticRows,
    int? HoldoutRows,
    int TrainRowsUsed,
    int SyntheticRowsUsed,
    int? HoldoutRowsUsed,
    int Pairs,
    int PairsUsed,
    int? DetectionRowsPerClass = null,
    int? TstrRows = null,
    int? DcrRows = null,
    int? DcrReferenceRows = null,
    int? TriplesUsed = null,
    int? CoverageRows = null);
