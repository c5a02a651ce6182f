namespace SynthStudio.Orchestration;

/// <summary>A generator as its grain sees it.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.GeneratorSnapshot")]
public sealed record GeneratorSnapshot
{
    /// <summary>Resource name, <c>projects/{project}/generators/{generator}</c>.</summary>
    [Id(0)] public required string Name { get; init; }

    [Id(1)] public required GeneratorDefinition Definition { get; init; }

    [Id(2)] public required GeneratorState State { get; init; }

    /// <summary>The newest training; null before the first.</summary>
    [Id(3)] public JobSnapshot? Training { get; init; }

    /// <summary>The model package of the newest training that succeeded; null before.</summary>
    [Id(4)] public ObjectRef? Model { get; init; }

    [Id(5)] public required AccountantSnapshot Accountant { get; init; }

    [Id(6)] public required DateTimeOffset CreateTime { get; init; }

    [Id(7)] public required DateTimeOffset UpdateTime { get; init; }

    /// <summary>Grows with every change; the resource's etag.</summary>
    [Id(8)] public long Version { get; init; }

    /// <summary>When it was deleted; null while it lives.</summary>
    [Id(9)] public DateTimeOffset? DeleteTime { get; init; }

    /// <summary>When it goes for good; null while it lives.</summary>
    [Id(10)] public DateTimeOffset? PurgeTime { get; init; }

    /// <summary>Where its model comes from; null for one that is trained here.</summary>
    [Id(11)] public PackageOrigin? Origin { get; init; }

    /// <summary>Whether it makes its rows of what its definition declares: no data is, or was, read for it here.</summary>
    public bool IsDeclared => Origin is null && !Definition.Training.ReadsData;
}

/// <summary>What a generator's privacy accountant says.</summary>
/// <param name="Guaranteed">Whether the model was, or the training will be, made under a promise.</param>
/// <param name="Releases">Models released from the private table so far, each with the job that made it.</param>
[GenerateSerializer, Immutable, Alias("synthstudio.AccountantSnapshot")]
public sealed record AccountantSnapshot(
    [property: Id(0)] bool Guaranteed,
    [property: Id(1)] IReadOnlyList<PrivacyRelease> Releases)
{
    /// <summary>What the newest training drew from the ledger; null for one without a promise.</summary>
    [Id(2)] public PrivacyLease? Lease { get; init; }

    /// <summary>What the model promises; null without a model or a promise.</summary>
    [Id(3)] public PrivacyStatement? Statement { get; init; }
}

/// <summary>One release of something computed from the private table.</summary>
/// <param name="Job">The job that made it.</param>
/// <param name="Event">The privacy event; <c>non_private</c> where nothing bounds what was revealed.</param>
/// <param name="Time">When it was released.</param>
[GenerateSerializer, Immutable, Alias("synthstudio.PrivacyRelease")]
public sealed record PrivacyRelease(
    [property: Id(0)] string Job,
    [property: Id(1)] string Event,
    [property: Id(2)] DateTimeOffset Time);
