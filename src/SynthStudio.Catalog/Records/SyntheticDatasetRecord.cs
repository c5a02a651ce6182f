namespace SynthStudio.Catalog;

/// <summary>Rows drawn, or to be drawn, from a generator.</summary>
public sealed record SyntheticDatasetRecord : IResourceRecord, IDeletable
{
    /// <summary>Resource name, <c>projects/{project}/syntheticDatasets/{synthetic_dataset}</c>.</summary>
    public required string Name { get; init; }

    public required string Project { get; init; }

    public string DisplayName { get; init; } = "";

    public required string Generator { get; init; }

    public required long Rows { get; init; }

    public required long Seed { get; init; }

    /// <summary>
    /// SHA-256 of the model package that its job drew the rows from, in lower hexadecimal: the generator may have another one since. Empty
    /// before the end, and for rows from before this was noted.
    /// </summary>
    public string ModelSha256 { get; init; } = "";

    /// <summary>Exact values by column; null asks for a missing value.</summary>
    public IReadOnlyDictionary<string, string?> Given { get; init; } = new Dictionary<string, string?>();

    public double Temperature { get; init; } = 1;

    /// <summary>What else the rows must meet: a serialized <c>DrawingTerms</c> in base 64, which only the API and the worker read; empty for nothing.</summary>
    public string Terms { get; init; } = "";

    /// <summary>Of the job, 1 (first) to 5.</summary>
    public int Priority { get; init; } = 3;

    public required ArtifactState State { get; init; }

    /// <summary>The generation job.</summary>
    public required string Job { get; init; }

    /// <summary>The rows as CSV, in order; the first part begins with the header line.</summary>
    public IReadOnlyList<PartRef> Parts { get; init; } = [];

    public WorkError? Error { get; init; }

    public required string Creator { get; init; }

    public required DateTimeOffset CreateTime { get; init; }

    public required DateTimeOffset UpdateTime { get; init; }

    public DateTimeOffset? DeleteTime { get; init; }

    public DateTimeOffset? PurgeTime { get; init; }

    /// <summary>Grows with every change; the etag.</summary>
    public long Version { get; init; } = 1;
}

/// <summary>Where something stands that a job makes.</summary>
public enum ArtifactState
{
    /// <summary>Its job has not ended.</summary>
    Pending,
    Ready,
    Failed,
    Cancelled,
}
