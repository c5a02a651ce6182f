namespace SynthStudio.Orchestration;

/// <summary>A job in the queue.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.WorkItem")]
public sealed record WorkItem
{
    /// <summary>The job's resource name.</summary>
    [Id(0)] public required string Job { get; init; }

    [Id(1)] public required WorkKind Kind { get; init; }

    /// <summary>Resource name of the owning grain: a generator for trainings, else the job itself.</summary>
    [Id(2)] public required string Owner { get; init; }

    /// <summary>Resource name of the project, for fairness and quotas.</summary>
    [Id(3)] public required string Project { get; init; }

    /// <summary>1 (first) to 5.</summary>
    [Id(4)] public required int Priority { get; init; }

    [Id(5)] public required WorkRequirements Requirements { get; init; }

    [Id(6)] public required DateTimeOffset EnqueueTime { get; init; }

    /// <summary>Not started before this, after a failure; null for at once.</summary>
    [Id(7)] public DateTimeOffset? NotBefore { get; init; }

    /// <summary>The newest epoch so far; the next lease gets a greater one.</summary>
    [Id(8)] public LeaseEpoch Epoch { get; init; }

    /// <summary>SHA-256 of the model package it draws from: a silo that has it loaded goes first. A hint: it is not stored.</summary>
    [Id(9)] public string Model { get; init; } = "";

    /// <summary>Since when it waits for a silo this time; null when only its place is known. A hint: it is not stored.</summary>
    [Id(10)] public DateTimeOffset? WaitsSince { get; init; }

    /// <summary>Address of the silo where its last attempt failed or was lost: others go first. Empty when none did. A hint: it is not stored.</summary>
    [Id(11)] public string FailedOn { get; init; } = "";

    /// <summary>It failed there for a reason that is the silo's rather than its own. A hint: it is not stored.</summary>
    [Id(12)] public bool SiloAtFault { get; init; }
}

/// <summary>A lease as its holder knows it.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.HeldLease")]
public sealed record HeldLease([property: Id(0)] string Job, [property: Id(1)] LeaseEpoch Epoch);

/// <summary>Where a waiting job stands.</summary>
/// <param name="Position">1 is next.</param>
/// <param name="Reason">
/// UPPER_SNAKE: <c>BACKING_OFF</c> after a failure; <c>PROJECT_LIMIT</c>, its project runs as many jobs as it may;
/// <c>ACCELERATOR_LIMIT</c>, its project has used up its accelerator time of the month, and no silo without one will do;
/// <c>PROJECT_ACCELERATORS</c>, its project holds as many accelerators as it may, and no silo without one will do; <c>NO_CAPABLE_SILO</c>,
/// none in the cluster has what it needs; <c>SILOS_CORDONED</c>, those that have it take no work; <c>SILOS_SILENT</c>, those that do were
/// not heard of lately; <c>SILOS_RESTING</c>, those that were take none for a minute, since one job after another failed on them for
/// reasons of their own; <c>NO_FREE_SLOT</c>, <c>NO_FREE_MEMORY</c>, <c>NO_FREE_ACCELERATOR</c>, they are busy; <c>HAS_RESERVATION</c>, it
/// has waited long, and one of them takes no later work until it fits there; <c>RESERVED_FOR_OTHERS</c>, what is free is kept for such a
/// job; <c>ABOUT_TO_START</c>.
/// </param>
[GenerateSerializer, Immutable, Alias("synthstudio.QueueStanding")]
public sealed record QueueStanding([property: Id(0)] int Position, [property: Id(1)] string Reason);

/// <summary>The scheduler's view of the cluster.</summary>
/// <param name="Silos">Compute silos that are in the cluster.</param>
/// <param name="Queued">Jobs that wait.</param>
/// <param name="Leased">Jobs that run.</param>
/// <param name="Cordoned">Names of the silos that an operator lets take no work, in the cluster or not.</param>
/// <param name="Shares">What operators set for projects, by resource name.</param>
[GenerateSerializer, Immutable, Alias("synthstudio.ClusterSnapshot")]
public sealed record ClusterSnapshot(
    [property: Id(0)] IReadOnlyList<ComputeSilo> Silos,
    [property: Id(1)] int Queued,
    [property: Id(2)] int Leased,
    [property: Id(3)] IReadOnlyList<string> Cordoned,
    [property: Id(4)] IReadOnlyDictionary<string, ProjectShare> Shares)
{
    /// <summary>
    /// Silos that get no work for now though nobody asked for it: not heard of lately, or resting since job after job failed there. Null from
    /// a version that does not tell.
    /// </summary>
    [Id(5)] public IReadOnlyList<SiloAddress>? Avoided { get; init; }
}

/// <summary>What a project may have of the cluster.</summary>
/// <param name="Weight">Its share of the slots against other projects that wait for them, greater than 0; 1 unless somebody set it.</param>
/// <param name="MaxRunning">Jobs that it may run at once; 0 for any number.</param>
[GenerateSerializer, Immutable, Alias("synthstudio.ProjectShare")]
public sealed record ProjectShare([property: Id(0)] double Weight, [property: Id(1)] int MaxRunning)
{
    /// <summary>Rows that it may have drawn on a day (UTC); 0 for any number.</summary>
    [Id(2)] public long MaxRowsPerDay { get; init; }

    /// <summary>Bytes that all it keeps may take, with what open uploads claim; 0 for any number.</summary>
    [Id(3)] public long MaxStoredBytes { get; init; }

    /// <summary>Tokens of language models that it may take a month (UTC); 0 for what the server is set to.</summary>
    [Id(4)] public long MaxTokensPerMonth { get; init; }

    /// <summary>Seconds that its jobs may hold accelerators a month (UTC); 0 for any number.</summary>
    [Id(5)] public long MaxAcceleratorSecondsPerMonth { get; init; }

    /// <summary>Accelerators that its jobs may hold at once, one for each job that has one, or a part of one; 0 for any number.</summary>
    [Id(6)] public int MaxAccelerators { get; init; }
}
