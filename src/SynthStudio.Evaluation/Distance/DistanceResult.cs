using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Distance;

/// <summary>How close rows are to training rows. What needs a holdout is null without one.</summary>
internal sealed record DistanceResult
{
    /// <summary>0.5 is ideal, 1 is copying.</summary>
    public double? NearerToTrainShare => NearerToTrain?.Value;

    /// <summary>The same with its interval.</summary>
    public Estimate? NearerToTrain { get; init; }

    /// <summary>Share of rows that stand in training.</summary>
    public required double ExactMatchTrain { get; init; }

    /// <summary>Share of rows that stand in the holdout.</summary>
    public double? ExactMatchHoldout { get; init; }

    /// <summary>Median distance to the nearest training row, in columns.</summary>
    public Estimate? MedianToTrain { get; init; }

    /// <summary>Median distance to the nearest holdout row, in columns.</summary>
    public Estimate? MedianToHoldout { get; init; }

    /// <summary>Rows whose distance was measured.</summary>
    public int? QueryRows { get; init; }

    /// <summary>Training rows, and as many holdout rows, that distances were measured to.</summary>
    public int? ReferenceRows { get; init; }
}
