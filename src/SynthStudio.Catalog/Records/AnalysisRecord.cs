namespace SynthStudio.Catalog;

/// <summary>A closer look at a data set, or at two versions of one.</summary>
public sealed record AnalysisRecord : IResourceRecord
{
    /// <summary>Resource name, <c>projects/{project}/datasets/{dataset}/analyses/{analysis}</c>.</summary>
    public required string Name { get; init; }

    public required string Project { get; init; }

    public required string Dataset { get; init; }

    /// <summary>The earlier version that the data set is compared with; empty when sets of columns are looked for that tell rows apart.</summary>
    public string Earlier { get; init; } = "";

    /// <summary>The columns that strangers may know, as a JSON list; empty for all.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Columns in a set, at most.</summary>
    public int MostColumns { get; init; } = 3;

    public required ArtifactState State { get; init; }

    public required string Job { get; init; }

    /// <summary>The figures, as JSON; null before.</summary>
    public ObjectRef? Result { get; init; }

    public WorkError? Error { get; init; }

    public required string Creator { get; init; }

    public required DateTimeOffset CreateTime { get; init; }

    public required DateTimeOffset UpdateTime { get; init; }

    /// <summary>Grows with every change; the etag.</summary>
    public long Version { get; init; } = 1;
}
