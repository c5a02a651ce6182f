namespace SynthStudio.Orchestration;

/// <summary>One entry of a job's ordered progress log.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.ProgressEvent")]
public sealed record ProgressEvent
{
    /// <summary>1, 2, 3, ... without gaps within a job, across attempts and restarts.</summary>
    [Id(0)] public required long Sequence { get; init; }

    /// <summary>When it happened: by the worker's clock for what a worker told, never before the event before it.</summary>
    [Id(1)] public required DateTimeOffset Time { get; init; }

    [Id(2)] public required WorkState State { get; init; }

    [Id(3)] public int Attempt { get; init; }

    /// <summary>For example <c>train</c>; empty before the first step.</summary>
    [Id(4)] public string Step { get; init; } = "";

    /// <summary>Share of the step that is done, 0 to 1.</summary>
    [Id(5)] public double StepFraction { get; init; }

    /// <summary>Share of the whole job that is done, 0 to 1.</summary>
    [Id(6)] public double Fraction { get; init; }

    /// <summary>Expected time to the end of the step; null when not known.</summary>
    [Id(7)] public TimeSpan? Remaining { get; init; }

    /// <summary>Measurements by name.</summary>
    [Id(8)] public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>For people; empty for plain progress.</summary>
    [Id(9)] public string Message { get; init; } = "";

    /// <summary>A part of generated rows that is ready; null otherwise.</summary>
    [Id(10)] public PartRef? Part { get; init; }

    [Id(11)] public WorkError? Error { get; init; }

    /// <summary>Epsilon that a private training has spent so far; null in any other job.</summary>
    [Id(12)] public double? Epsilon { get; init; }

    /// <summary>The worker's update that told it: one that was sent again is known by it. Null for what the owner tells of itself.</summary>
    [Id(13)] public UpdateNumber? Update { get; init; }
}

/// <summary>One update of a worker.</summary>
/// <param name="Epoch">The lease under which it worked.</param>
/// <param name="Number">From 0, under that lease.</param>
[GenerateSerializer, Immutable, Alias("synthstudio.UpdateNumber")]
public sealed record UpdateNumber([property: Id(0)] LeaseEpoch Epoch, [property: Id(1)] long Number);

/// <summary>Events read from a progress log.</summary>
/// <param name="Events">In order, without gaps; empty when nothing new came.</param>
/// <param name="Ended">The job has ended and these are its last events.</param>
[GenerateSerializer, Immutable, Alias("synthstudio.ProgressBatch")]
public sealed record ProgressBatch([property: Id(0)] IReadOnlyList<ProgressEvent> Events, [property: Id(1)] bool Ended);
