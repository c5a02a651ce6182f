namespace SynthStudio.Orchestration;

/// <summary>Something a worker did. Sent in order by the silo that holds the lease.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.WorkUpdate")]
public abstract record WorkUpdate
{
    /// <summary>When it happened, by the worker's clock; null when no worker told it.</summary>
    [Id(0)] public DateTimeOffset? Time { get; init; }
}

/// <summary>The worker process runs.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.WorkStarted")]
public sealed record WorkStarted([property: Id(0)] string Silo, [property: Id(1)] int ProcessId, [property: Id(2)] string Device) : WorkUpdate;

/// <summary>Where the work stands; see the worker protocol's Progress.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.WorkProgressed")]
public sealed record WorkProgressed(
    [property: Id(0)] string Step,
    [property: Id(1)] double Fraction,
    [property: Id(2)] TimeSpan? Remaining,
    [property: Id(3)] IReadOnlyDictionary<string, double> Metrics) : WorkUpdate
{
    /// <summary>Epsilon that a private training has spent so far; null in any other.</summary>
    [Id(4)] public double? Epsilon { get; init; }
}

/// <summary>A private training spent from its lease; said before the noisy value is used.</summary>
/// <param name="EventJson">Everything that its noise did so far, as the JSON of privacy events.</param>
/// <param name="Epsilon">The epsilon that this comes to at the terms' delta.</param>
[GenerateSerializer, Immutable, Alias("synthstudio.WorkSpent")]
public sealed record WorkSpent([property: Id(0)] string EventJson, [property: Id(1)] double Epsilon) : WorkUpdate;

/// <summary>A checkpoint is in the object store.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.WorkCheckpointed")]
public sealed record WorkCheckpointed([property: Id(0)] CheckpointRef Checkpoint) : WorkUpdate;

/// <summary>A checkpoint of the order cannot be resumed from: it is not kept any longer.</summary>
/// <param name="Checkpoint">The checkpoint.</param>
/// <param name="Reason">What is wrong with it, as the end of a sentence.</param>
[GenerateSerializer, Immutable, Alias("synthstudio.WorkCheckpointLost")]
public sealed record WorkCheckpointLost([property: Id(0)] CheckpointRef Checkpoint, [property: Id(1)] string Reason) : WorkUpdate;

/// <summary>A part of the generated rows is in the object store, as CSV; the first begins with the header line.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.WorkPartStored")]
public sealed record WorkPartStored([property: Id(0)] PartRef Part) : WorkUpdate;

/// <summary>A log line without data values.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.WorkLogged")]
public sealed record WorkLogged([property: Id(0)] string Level, [property: Id(1)] string Message) : WorkUpdate;

/// <summary>The job is done and its artifacts are in the object store.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.WorkCompleted")]
public sealed record WorkCompleted([property: Id(0)] WorkResult Result) : WorkUpdate;

/// <summary>The worker left after a checkpoint, as asked (pause), or because its silo shuts down.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.WorkPaused")]
public sealed record WorkPaused([property: Id(0)] bool SiloShutsDown) : WorkUpdate;

/// <summary>The job failed.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.WorkFailed")]
public sealed record WorkFailed([property: Id(0)] WorkError Error) : WorkUpdate;

/// <summary>The worker stopped because it was told to cancel.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.WorkCancelled")]
public sealed record WorkCancelled : WorkUpdate;

/// <summary>A stored part of generated rows.</summary>
/// <param name="Number">From 0.</param>
/// <param name="Rows">Rows in it.</param>
/// <param name="Object">The bytes.</param>
[GenerateSerializer, Immutable, Alias("synthstudio.PartRef")]
public sealed record PartRef([property: Id(0)] int Number, [property: Id(1)] long Rows, [property: Id(2)] ObjectRef Object);

/// <summary>What a job made.</summary>
/// <param name="Artifacts">Stored objects by role: model, schema, profile, report.</param>
/// <param name="Metrics">Figures for the record: rows, columns, seconds by step, peak memory, epochs, best validation loss.</param>
[GenerateSerializer, Immutable, Alias("synthstudio.WorkResult")]
public sealed record WorkResult(
    [property: Id(0)] IReadOnlyDictionary<string, ObjectRef> Artifacts,
    [property: Id(1)] IReadOnlyDictionary<string, double> Metrics)
{
    /// <summary>What a private training promises; null for any other job.</summary>
    [Id(2)] public PrivacyStatement? Privacy { get; init; }
}
