using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Copies;

/// <summary>Synthetic rows that are training rows, or all but. The holdout says how many would be so by chance.</summary>
public sealed record CopyResult
{
    /// <summary>Synthetic rows that stand in training.</summary>
    public required int ExactRows { get; init; }

    /// <summary>Estimated copies: rows of these that chance does not explain, what stands in the holdout too being common anyway; null without a holdout.</summary>
    public Estimate? ExactCopies { get; init; }

    /// <summary>How likely so many exact matches with training are when nothing leaks; null without a holdout.</summary>
    public double? ExactPValue { get; init; }

    /// <summary>Synthetic rows that were compared with all rows for near matches.</summary>
    public int? RowsCompared { get; init; }

    /// <summary>Training rows, and as many holdout rows, they were compared with.</summary>
    public int? ReferenceRows { get; init; }

    /// <summary>Near matches at several strengths; empty without a holdout.</summary>
    public IReadOnlyList<NearMatches> Near { get; init; } = [];

    /// <summary>Estimated share of synthetic rows that are near copies, at the strength where the evidence is strongest.</summary>
    public Estimate? NearCopyShare { get; init; }

    /// <summary>How likely the strongest evidence of near copies is when nothing leaks, all strengths considered.</summary>
    public double? NearPValue { get; init; }

    /// <summary>Ratios of the distances to the nearest and the second nearest row.</summary>
    public DistanceRatios? Ratios { get; init; }
}

/// <summary>Rows much closer to one training row than to any other real row. Without a leak as many are so much closer to one holdout row.</summary>
/// <param name="Ratio">Distance to the nearest row over that to any other, at most; 0 means an exact match on one side only.</param>
/// <param name="Closest">Share of the rows, those nearest to any real row, that is looked at.</param>
/// <param name="ToTrain">Synthetic rows so much closer to training.</param>
/// <param name="ToHoldout">Synthetic rows so much closer to the holdout.</param>
/// <param name="PValue">Sign test.</param>
public sealed record NearMatches(double Ratio, double Closest, int ToTrain, int ToHoldout, double PValue);

/// <summary>Nearest-neighbour distance ratios (NNDR) of synthetic rows: near 0 for a copy, near 1 in a crowd.</summary>
/// <param name="TrainMedian">Median within training.</param>
/// <param name="HoldoutMedian">Median within the holdout.</param>
/// <param name="TrainLow">5 % quantile within training: clearly below the holdout's when rows are copied.</param>
/// <param name="HoldoutLow">5 % quantile within the holdout.</param>
public sealed record DistanceRatios(double TrainMedian, double HoldoutMedian, double TrainLow, double HoldoutLow);
