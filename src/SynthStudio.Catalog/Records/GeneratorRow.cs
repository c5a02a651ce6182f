namespace SynthStudio.Catalog;

/// <summary>A generator as its grain projected it: what is searched, and the whole snapshot.</summary>
internal sealed record GeneratorRow : IResourceRecord, IDeletable
{
    public required string Name { get; init; }

    public required string Project { get; init; }

    public required string Dataset { get; init; }

    public required GeneratorState State { get; init; }

    public required DateTimeOffset CreateTime { get; init; }

    public DateTimeOffset? DeleteTime { get; init; }

    public DateTimeOffset? PurgeTime { get; init; }

    public required long Version { get; init; }

    public required GeneratorSnapshot Snapshot { get; init; }
}
