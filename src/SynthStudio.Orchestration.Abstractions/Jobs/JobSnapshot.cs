namespace SynthStudio.Orchestration;

/// <summary>A job as its owner sees it.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.JobSnapshot")]
public sealed record JobSnapshot
{
    /// <summary>Resource name, <c>projects/{project}/jobs/{job}</c>.</summary>
    [Id(0)] public required string Name { get; init; }

    [Id(1)] public required WorkKind Kind { get; init; }

    /// <summary>Resource name of what the job is for: a generator, data set, synthetic data set or evaluation.</summary>
    [Id(2)] public required string Subject { get; init; }

    [Id(3)] public required WorkState State { get; init; }

    /// <summary>1 (first) to 5.</summary>
    [Id(4)] public int Priority { get; init; } = 3;

    [Id(5)] public int Attempt { get; init; }

    [Id(6)] public LeaseEpoch Epoch { get; init; }

    /// <summary>The step that runs, for example <c>train</c>; empty before the first.</summary>
    [Id(7)] public string Step { get; init; } = "";

    /// <summary>Share of the whole job that is done, 0 to 1.</summary>
    [Id(8)] public double Fraction { get; init; }

    [Id(9)] public TimeSpan? Remaining { get; init; }

    /// <summary>Newest value of each metric.</summary>
    [Id(10)] public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    [Id(11)] public WorkError? Error { get; init; }

    [Id(12)] public WorkResult? Result { get; init; }

    [Id(13)] public required DateTimeOffset CreateTime { get; init; }

    [Id(14)] public DateTimeOffset? StartTime { get; init; }

    [Id(15)] public DateTimeOffset? EndTime { get; init; }

    /// <summary>Sequence of the newest progress event.</summary>
    [Id(16)] public long LastSequence { get; init; }

    /// <summary>Stored parts of generated rows, by number.</summary>
    [Id(17)] public IReadOnlyList<PartRef> Parts { get; init; } = [];

    /// <summary>Silo and device that run it or ran it last; empty before.</summary>
    [Id(18)] public string Silo { get; init; } = "";

    /// <summary>Grows with every change; orders projections of the same job.</summary>
    [Id(19)] public long Version { get; init; }

    /// <summary>Stored objects without which it cannot go on: what it reads and the checkpoints it may resume from. Empty once it has ended.</summary>
    [Id(20)] public IReadOnlyList<ObjectRef> Needs { get; init; } = [];

    /// <summary>The kind of accelerator that it ran on, for example <c>cuda</c>; of one that ran on none what it asked for.</summary>
    [Id(21)] public string Accelerator { get; init; } = "";

    /// <summary>
    /// SHA-256 of the model package that it draws rows from, in lower hexadecimal; empty for a job that draws none, and of one that ended
    /// before this was noted.
    /// </summary>
    [Id(22)] public string ModelSha256 { get; init; } = "";

    public bool HasEnded => State.HasEnded();
}
