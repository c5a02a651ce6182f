namespace SynthStudio.Catalog;

/// <summary>An entry of a job's progress log. Written by the progress log only.</summary>
internal sealed record ProgressRow
{
    public required string Job { get; init; }

    public required long Sequence { get; init; }

    /// <summary>The event as JSON, in UTF-8.</summary>
    public required byte[] Event { get; init; }
}
