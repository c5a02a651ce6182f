namespace SynthStudio.Orchestration;

/// <summary>A partition, or a part of one, gets no discount.</summary>
/// <param name="problem">Why.</param>
/// <param name="dataset">The data set.</param>
/// <param name="message">Why, and what to do.</param>
[GenerateSerializer, Alias("synthstudio.PartitionException")]
public sealed class PartitionException(PartitionProblem problem, string dataset, string message) : Exception(message)
{
    [Id(0)] public PartitionProblem Problem { get; } = problem;

    [Id(1)] public string Dataset { get; } = dataset;
}

/// <summary>Why a partition is refused.</summary>
[GenerateSerializer, Alias("synthstudio.PartitionProblem")]
public enum PartitionProblem
{
    /// <summary>The data set has no such part, or not by that definition.</summary>
    Unknown,

    /// <summary>Something is spent in a part of another partition.</summary>
    InUse,

    /// <summary>The data set's people belong to several populations: one of them may have rows in many parts.</summary>
    SeveralPopulations,

    /// <summary>The promise is for units that may have rows in several parts.</summary>
    NotByUnit,
}
