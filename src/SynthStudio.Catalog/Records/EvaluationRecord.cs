namespace SynthStudio.Catalog;

/// <summary>A report on how good and how private a synthetic table is.</summary>
public sealed record EvaluationRecord : IResourceRecord
{
    /// <summary>Resource name, <c>projects/{project}/evaluations/{evaluation}</c>.</summary>
    public required string Name { get; init; }

    public required string Project { get; init; }

    public string DisplayName { get; init; } = "";

    /// <summary>Resource name of the table the generator learned.</summary>
    public required string Dataset { get; init; }

    /// <summary>Resource name of a data set of unseen real rows; empty when there is none.</summary>
    public string Holdout { get; init; } = "";

    public required string SyntheticDataset { get; init; }

    /// <summary>Of sampling and folds.</summary>
    public long Seed { get; init; }

    /// <summary>What is looked at: a serialized <c>EvaluationSettings</c> in base 64, which only the API and the worker read; empty for the defaults.</summary>
    public string Settings { get; init; } = "";

    /// <summary>Of the job, 1 (first) to 5.</summary>
    public int Priority { get; init; } = 3;

    /// <summary>The caller knows that the report is outside of the promise of the rows it scores.</summary>
    public bool OutsideGuarantee { get; init; }

    public required ArtifactState State { get; init; }

    /// <summary>The evaluation job.</summary>
    public required string Job { get; init; }

    /// <summary>The report, as JSON; null before.</summary>
    public ObjectRef? Report { get; init; }

    /// <summary>The report's headline figures.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    public WorkError? Error { get; init; }

    public required string Creator { get; init; }

    public required DateTimeOffset CreateTime { get; init; }

    public required DateTimeOffset UpdateTime { get; init; }

    /// <summary>Grows with every change; the etag.</summary>
    public long Version { get; init; } = 1;
}
