namespace SynthStudio.Orchestration;

/// <summary>The durable state of one leased piece of work. Changed by <see cref="WorkMachine"/> only.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.WorkRecord")]
public sealed record WorkRecord
{
    /// <summary>Resource name of the job.</summary>
    [Id(0)] public required string Job { get; init; }

    /// <summary>Resource name of the owning grain.</summary>
    [Id(1)] public required string Owner { get; init; }

    [Id(2)] public required string Subject { get; init; }

    [Id(3)] public required WorkSpec Spec { get; init; }

    /// <summary>1 (first) to 5.</summary>
    [Id(4)] public required int Priority { get; init; }

    [Id(5)] public required WorkRequirements Requirements { get; init; }

    [Id(6)] public WorkState State { get; init; }

    /// <summary>Leases taken so far.</summary>
    [Id(7)] public int Attempt { get; init; }

    /// <summary>The newest epoch seen; never goes back.</summary>
    [Id(8)] public LeaseEpoch Epoch { get; init; }

    /// <summary>Number of the next update expected under this lease; smaller ones are repeats.</summary>
    [Id(9)] public long NextUpdate { get; init; }

    /// <summary>Address of the silo that runs it or ran it last.</summary>
    [Id(10)] public string Silo { get; init; } = "";

    /// <summary>The newest checkpoints that are not known to be damaged, newest first.</summary>
    [Id(11)] public IReadOnlyList<CheckpointRef> Checkpoints { get; init; } = [];

    [Id(12)] public IReadOnlyList<PartRef> Parts { get; init; } = [];

    /// <summary>Leases lost since the last durable progress.</summary>
    [Id(13)] public int Losses { get; init; }

    /// <summary>Failures of the machine or of us since the last durable progress.</summary>
    [Id(14)] public int Failures { get; init; }

    /// <summary>Not started before this, after a failure.</summary>
    [Id(15)] public DateTimeOffset? NotBefore { get; init; }

    [Id(16)] public WorkError? Error { get; init; }

    [Id(17)] public WorkResult? Result { get; init; }

    [Id(18)] public required DateTimeOffset CreateTime { get; init; }

    /// <summary>Its place in the queue: kept when it is queued again without anybody's wish.</summary>
    [Id(19)] public DateTimeOffset EnqueueTime { get; init; }

    [Id(20)] public DateTimeOffset? StartTime { get; init; }

    [Id(21)] public DateTimeOffset? EndTime { get; init; }

    /// <summary>Its worker is asked for a checkpoint, after which it waits in the queue again.</summary>
    [Id(22)] public bool GivesWay { get; init; }

    /// <summary>When the attempt that runs, or ran last, began.</summary>
    [Id(23)] public DateTimeOffset? AttemptTime { get; init; }

    [Id(24)] public WorkLimits Limits { get; init; } = WorkLimits.None;

    /// <summary>The W3C trace context of the request that made it; empty when nothing traced it.</summary>
    [Id(25)] public string TraceParent { get; init; } = "";

    /// <summary>What the newest attempt computes on, for example <c>cuda:0</c>; empty before the first.</summary>
    [Id(26)] public string Device { get; init; } = "";

    /// <summary>Since when it waits in the queue, or waited last; null in records of older versions.</summary>
    [Id(27)] public DateTimeOffset? QueuedTime { get; init; }

    /// <summary>
    /// Failures of the object store since the last durable progress: counted apart (<see cref="RetryPolicy.MostOutages"/>), they
    /// make the waits longer.
    /// </summary>
    [Id(28)] public int Outages { get; init; }

    /// <summary>The last attempt failed for a reason that is likely its silo's (<see cref="RetryPolicy.IsOfSilo"/>).</summary>
    [Id(29)] public bool SiloAtFault { get; init; }

    public WorkKind Kind => Spec.Kind;

    /// <summary>Since when it waits for a silo: while it backs off after a failure, it waits for none.</summary>
    public DateTimeOffset WaitsSince
    {
        get
        {
            var queued = QueuedTime ?? EnqueueTime;
            return NotBefore > queued ? NotBefore.Value : queued;
        }
    }

    /// <summary>The newest checkpoint; null when there is none.</summary>
    public CheckpointRef? Checkpoint => Checkpoints.Count > 0 ? Checkpoints[0] : null;

    public bool HasEnded => State.HasEnded();

    /// <summary>A silo holds a lease of it, as far as is known here.</summary>
    public bool IsLeased => State is WorkState.Starting or WorkState.Running or WorkState.Pausing or WorkState.Cancelling;

    /// <summary>It belongs into the scheduler's queue, waiting or leased.</summary>
    public bool BelongsInQueue => State == WorkState.Queued || IsLeased;

    /// <summary>The entry of the scheduler's queue.</summary>
    public WorkItem ToItem() => new()
    {
        Job = Job,
        Kind = Kind,
        Owner = Owner,
        Project = ProjectOf(Job),
        Priority = Priority,
        Requirements = Requirements,
        EnqueueTime = EnqueueTime,
        WaitsSince = WaitsSince,
        NotBefore = NotBefore,
        Epoch = Epoch,
        Model = Spec is GenerationSpec { Model.Sha256: var model } ? model : "",
        FailedOn = Failures + Losses > 0 || SiloAtFault ? Silo : "", // A store that is away is away from all silos.
        SiloAtFault = SiloAtFault,
    };

    /// <summary><c>projects/p</c> of <c>projects/p/jobs/j</c>.</summary>
    private static string ProjectOf(string job)
    {
        var slash = job.IndexOf('/');
        var end = slash < 0 ? -1 : job.IndexOf('/', slash + 1);
        return end < 0 ? job : job[..end];
    }
}
