namespace SynthStudio.Catalog;

/// <summary>An uploaded table.</summary>
public sealed record DatasetRecord : IResourceRecord, IDeletable
{
    /// <summary>Resource name, <c>projects/{project}/datasets/{dataset}</c>.</summary>
    public required string Name { get; init; }

    public required string Project { get; init; }

    public string DisplayName { get; init; } = "";

    public required DatasetState State { get; init; }

    /// <summary>The uploaded bytes; null while none are there.</summary>
    public ObjectRef? Object { get; init; }

    /// <summary>Original name; its endings say the format where the content does not.</summary>
    public string FileName { get; init; } = "";

    /// <summary>The schema file: inferred by the profiling job, or as the user edited it. Empty before.</summary>
    public string SchemaJson { get; init; } = "";

    /// <summary>The schema file as the user gave it, without what was inferred: all that a private training goes by. Empty for none.</summary>
    public string DeclaredSchemaJson { get; init; } = "";

    /// <summary>Nothing of the table is told: it is only to be learned under differential privacy.</summary>
    public bool Withheld { get; init; }

    /// <summary>The profile, as JSON; null before the data set is ready, and where it is withheld.</summary>
    public ObjectRef? Profile { get; init; }

    /// <summary>What the owner marked columns as, by name: names of <c>Sensitivity</c>.</summary>
    public IReadOnlyDictionary<string, string?> Sensitivity { get; init; } = new Dictionary<string, string?>();

    /// <summary>The first version of the table that this is a version of; empty when it is itself the first.</summary>
    public string Line { get; init; } = "";

    /// <summary>The version that this follows; empty when it is the first.</summary>
    public string PreviousVersion { get; init; } = "";

    /// <summary>
    /// 1, 2, 3, … of all that ever were versions of the table, given when it is stored first and
    /// never changed; 0 where an older program stored it.
    /// </summary>
    public int Number { get; init; }

    /// <summary>The first rows, as JSON; null before the data set is ready, and where it is withheld.</summary>
    public ObjectRef? Preview { get; init; }

    public long? RowCount { get; init; }

    public int? ColumnCount { get; init; }

    public WorkError? Error { get; init; }

    /// <summary>The newest profiling job; empty before the first.</summary>
    public string ProfileJob { get; init; } = "";

    /// <summary>Name of the user that created it.</summary>
    public required string Creator { get; init; }

    public required DateTimeOffset CreateTime { get; init; }

    public required DateTimeOffset UpdateTime { get; init; }

    public DateTimeOffset? DeleteTime { get; init; }

    public DateTimeOffset? PurgeTime { get; init; }

    /// <summary>Grows with every change; the etag.</summary>
    public long Version { get; init; } = 1;
}

public enum DatasetState
{
    /// <summary>Waits for its upload.</summary>
    Empty,

    /// <summary>Uploaded; its profiling job has not ended.</summary>
    Profiling,
    Ready,
    Failed,
}
