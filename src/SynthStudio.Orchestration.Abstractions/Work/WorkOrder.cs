namespace SynthStudio.Orchestration;

/// <summary>What the owner of a job hands to the silo that holds its lease.</summary>
/// <param name="Job">The job's resource name.</param>
/// <param name="Epoch">The lease this order is valid for.</param>
/// <param name="Attempt">1 for the first.</param>
/// <param name="Spec">What to do.</param>
/// <param name="Checkpoints">Where to go on from, newest first: the first that is sound counts. None starts anew.</param>
/// <param name="Accelerator">Wanted device: <c>any</c>, <c>cpu</c> or <c>cuda</c>.</param>
[GenerateSerializer, Immutable, Alias("synthstudio.WorkOrder")]
public sealed record WorkOrder(
    [property: Id(0)] string Job,
    [property: Id(1)] LeaseEpoch Epoch,
    [property: Id(2)] int Attempt,
    [property: Id(3)] WorkSpec Spec,
    [property: Id(4)] IReadOnlyList<CheckpointRef> Checkpoints,
    [property: Id(5)] string Accelerator)
{
    /// <summary>The W3C trace context of the request that made the job; empty when nothing traced it.</summary>
    [Id(6)] public string TraceParent { get; init; } = "";

    /// <summary>What earlier attempts of a private training said that they had spent, as the JSON of privacy events; empty on the first.</summary>
    [Id(7)] public string SpentEventJson { get; init; } = "";
}

/// <summary>A stored checkpoint of a training.</summary>
/// <param name="Object">The bytes.</param>
/// <param name="Step">Optimiser steps it contains.</param>
[GenerateSerializer, Immutable, Alias("synthstudio.CheckpointRef")]
public sealed record CheckpointRef([property: Id(0)] ObjectRef Object, [property: Id(1)] long Step);
