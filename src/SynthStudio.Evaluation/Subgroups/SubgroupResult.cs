using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Subgroups;

/// <summary>How alike one subgroup's columns are.</summary>
/// <param name="Column">The column that makes the groups.</param>
/// <param name="Group">Its value.</param>
/// <param name="TrainRows">Training rows of the group.</param>
/// <param name="SyntheticRows">Synthetic rows of the group.</param>
/// <param name="TrainShare">Share of training rows.</param>
/// <param name="SyntheticShare">Share of synthetic rows.</param>
/// <param name="Shape">Column shapes within the group, mean over the other columns; null when a side has too few rows.</param>
/// <param name="ShapeCeiling">What the holdout's rows of the group reach; null without enough of them.</param>
/// <param name="ShapeInterval">95 % interval of the shape; null when a side has too few rows.</param>
public sealed record SubgroupResult(
    string Column,
    string Group,
    int TrainRows,
    int SyntheticRows,
    double TrainShare,
    double SyntheticShare,
    double? Shape,
    double? ShapeCeiling,
    Estimate? ShapeInterval = null);
