namespace SynthStudio.Catalog;

/// <summary>A job as its owner projected it: what is searched, and the whole snapshot.</summary>
internal sealed record JobRow : IResourceRecord
{
    public required string Name { get; init; }

    public required string Project { get; init; }

    public required WorkKind Kind { get; init; }

    /// <summary>Resource name of the owning grain.</summary>
    public required string Owner { get; init; }

    public required string Subject { get; init; }

    public required WorkState State { get; init; }

    public required DateTimeOffset CreateTime { get; init; }

    public DateTimeOffset? EndTime { get; init; }

    public required long Version { get; init; }

    public required JobSnapshot Snapshot { get; init; }
}
