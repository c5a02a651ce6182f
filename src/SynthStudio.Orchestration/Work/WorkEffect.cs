namespace SynthStudio.Orchestration;

/// <summary>What is to be done after a decision was stored. Each can be repeated without harm.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.WorkEffect")]
public abstract record WorkEffect;

/// <summary>Append an event to the progress log.</summary>
/// <param name="State">The state it tells of.</param>
/// <param name="Attempt">The attempt it belongs to.</param>
/// <param name="Message">For people; empty for plain progress.</param>
[GenerateSerializer, Immutable, Alias("synthstudio.AppendEvent")]
public sealed record AppendEvent(
    [property: Id(0)] WorkState State,
    [property: Id(1)] int Attempt,
    [property: Id(2)] string Message) : WorkEffect
{
    [Id(3)] public WorkProgressed? Progress { get; init; }

    [Id(4)] public PartRef? Part { get; init; }

    [Id(5)] public WorkError? Error { get; init; }

    /// <summary>When it happened, by the worker's clock; null takes the owner's.</summary>
    [Id(6)] public DateTimeOffset? Time { get; init; }

    /// <summary>Epsilon that a private training has spent so far; null in any other job.</summary>
    [Id(7)] public double? Epsilon { get; init; }

    /// <summary>What the worker told it by; null for what the owner tells of itself.</summary>
    [Id(8)] public UpdateNumber? Update { get; init; }
}

/// <summary>Put the work into the scheduler's queue, or make it wait there again.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.EnqueueWork")]
public sealed record EnqueueWork : WorkEffect;

/// <summary>Take the waiting work out of the queue.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.WithdrawWork")]
public sealed record WithdrawWork : WorkEffect;

/// <summary>Give the lease back.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.ReleaseLease")]
public sealed record ReleaseLease([property: Id(0)] LeaseEpoch Epoch) : WorkEffect;

/// <summary>Make the silo ask for the directive now. Lost nudges cost a heartbeat's time, so they are not stored.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.NudgeWorker")]
public sealed record NudgeWorker([property: Id(0)] string Silo, [property: Id(1)] LeaseEpoch Epoch) : WorkEffect;

/// <summary>Write what is new into the catalog.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.ProjectWork")]
public sealed record ProjectWork : WorkEffect;

/// <summary>Note in the privacy ledger that the training's model is released, and what its noise did.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.CommitReservation")]
public sealed record CommitReservation([property: Id(0)] PrivacyStatement Statement) : WorkEffect;

/// <summary>Give back what the training reserved. The ledger does so only if no worker was ever let at the data.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.ReleaseReservation")]
public sealed record ReleaseReservation : WorkEffect;

/// <summary>Note in the privacy ledger a model that no noise protects.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.RecordNonPrivateModel")]
public sealed record RecordNonPrivateModel(
    [property: Id(0)] string Dataset, [property: Id(1)] string Generator, [property: Id(2)] string Actor) : WorkEffect;
