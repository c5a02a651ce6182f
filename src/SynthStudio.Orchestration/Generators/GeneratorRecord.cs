namespace SynthStudio.Orchestration;

/// <summary>The durable state of a generator. Changed by <see cref="GeneratorMachine"/> only.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.GeneratorRecord")]
public sealed record GeneratorRecord
{
    /// <summary>Resource name.</summary>
    [Id(0)] public required string Name { get; init; }

    [Id(1)] public required GeneratorDefinition Definition { get; init; }

    [Id(2)] public GeneratorState State { get; init; }

    /// <summary>The newest training; null before the first.</summary>
    [Id(3)] public WorkRecord? Training { get; init; }

    /// <summary>Earlier trainings that ended, newest first.</summary>
    [Id(4)] public IReadOnlyList<WorkRecord> Past { get; init; } = [];

    /// <summary>The running training checks what its model draws.</summary>
    [Id(5)] public bool Verifying { get; init; }

    /// <summary>The model package of the newest training that succeeded.</summary>
    [Id(6)] public ObjectRef? Model { get; init; }

    /// <summary>The accountant: everything that was released from the private table. Only ever grows.</summary>
    [Id(7)] public IReadOnlyList<PrivacyRelease> Releases { get; init; } = [];

    [Id(8)] public required DateTimeOffset CreateTime { get; init; }

    [Id(9)] public DateTimeOffset UpdateTime { get; init; }

    /// <summary>Grows with every change that a client can see.</summary>
    [Id(10)] public long Version { get; init; }

    /// <summary>It is gone; the name is not given again.</summary>
    [Id(11)] public bool Deleted { get; init; }

    /// <summary>What the newest training drew from the privacy ledger; null for one without a promise.</summary>
    [Id(12)] public PrivacyLease? Lease { get; init; }

    /// <summary>What the model promises; null without a model or a promise.</summary>
    [Id(13)] public PrivacyStatement? Statement { get; init; }

    /// <summary>When it was deleted; null while it lives. Until it is <see cref="Deleted"/> it can be brought back.</summary>
    [Id(14)] public DateTimeOffset? DeleteTime { get; init; }

    /// <summary>When it goes for good; null while it lives.</summary>
    [Id(15)] public DateTimeOffset? PurgeTime { get; init; }

    /// <summary>Where its model comes from; null for one that is trained here.</summary>
    [Id(16)] public PackageOrigin? Origin { get; init; }
}
