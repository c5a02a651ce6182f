namespace SynthStudio.Catalog;

/// <summary>A job in the durable queue. Written by <see cref="LeaseStore"/> only.</summary>
internal sealed record QueueRow
{
    public required string Job { get; init; }

    public required WorkKind Kind { get; init; }

    public required string Owner { get; init; }

    public required string Project { get; init; }

    public required int Priority { get; init; }

    public required string Accelerator { get; init; }

    public required long MemoryBytes { get; init; }

    public required DateTimeOffset EnqueueTime { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public required long Epoch { get; init; }

    /// <summary>The silo that holds the lease; null while the job waits.</summary>
    public string? Holder { get; init; }

    public DateTimeOffset? ExpireTime { get; init; }
}
