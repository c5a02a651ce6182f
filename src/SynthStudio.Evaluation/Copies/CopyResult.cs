using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Copies;

/// <summary>Synthetic rows that are training rows, or all but. The holdout says how many would be so by chance.</summary>
public sealed record CopyResult
{
    /// <summary>Synthetic rows that stand in training.</summary>
    public required int ExactRows { get; init; }

    /// <summary>
    /// Share of training rows that stand once in training and holdout together: only of those can
    /// copies be told from chance. Null without a holdout.
    /// </summary>
    public double? UniqueShare { get; init; }

    /// <summary>Estimated copies: rows of these that chance does not explain; null without a holdout.</summary>
    public Estimate? ExactCopies { get; init; }

    /// <summary>How likely so many exact matches with training are when nothing leaks; null without a holdout.</summary>
    public double? ExactPValue { get; init; }

    /// <summary>Near copies at several ratios; empty without a holdout.</summary>
    public IReadOnlyList<NearMatches> Near { get; init; } = [];

    /// <summary>
    /// Estimated training people with a synthetic row much closer to them than any other person, beyond chance, at the ratio where the
    /// evidence is strongest; those in crowds are missed, so at least as many.
    /// </summary>
    public Estimate? NearCopies { get; init; }

    /// <summary>How likely the strongest evidence of near copies is when nothing leaks, all ratios considered.</summary>
    public double? NearPValue { get; init; }

    /// <summary>Ratios of the distances to the nearest and the second nearest row.</summary>
    public DistanceRatios? Ratios { get; init; }
}

/// <summary>People whose nearest synthetic row is much closer to them than any other real person.</summary>
/// <param name="Ratio">Distance to the synthetic row over that to the other person, at most.</param>
/// <param name="Rare">Share of people, those of the rarest values, that is looked at; 1 for all.</param>
/// <param name="Training">Training people so exposed, of those that were looked at.</param>
/// <param name="Holdout">Holdout people so exposed.</param>
/// <param name="Expected">Training people expected by chance, from the holdout.</param>
/// <param name="PValue">Exact binomial test.</param>
public sealed record NearMatches(double Ratio, double Rare, int Training, int Holdout, double Expected, double PValue);

/// <summary>Nearest-neighbour distance ratios (NNDR) of synthetic rows: near 0 for a copy, near 1 in a crowd.</summary>
/// <param name="TrainMedian">Median within training.</param>
/// <param name="HoldoutMedian">Median within the holdout.</param>
/// <param name="TrainLow">5 % quantile within training: clearly below the holdout's when rows are copied.</param>
/// <param name="HoldoutLow">5 % quantile within the holdout.</param>
public sealed record DistanceRatios(double TrainMedian, double HoldoutMedian, double TrainLow, double HoldoutLow);
