namespace SynthStudio.Catalog;

/// <summary>How long a project keeps what is in it, since its last change; null keeps it until somebody deletes it.</summary>
public sealed record RetentionPolicy
{
    public TimeSpan? Datasets { get; init; }

    public TimeSpan? Generators { get; init; }

    public TimeSpan? SyntheticDatasets { get; init; }

    public TimeSpan? Evaluations { get; init; }

    public TimeSpan? EvidencePacks { get; init; }

    public bool KeepsAll => Datasets is null && Generators is null && SyntheticDatasets is null && Evaluations is null && EvidencePacks is null;
}
