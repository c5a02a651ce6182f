using SynthStudio.Catalog;

namespace SynthStudio.Api.Lifecycle;

/// <summary>Something in a project that goes some day, and what it is made of.</summary>
/// <param name="Name">Resource name.</param>
/// <param name="UpdateTime">When it was last changed.</param>
/// <param name="IsBusy">Whether it is being made.</param>
/// <param name="PurgeTime">When it goes for good, if it was deleted; null while it lives.</param>
/// <param name="MadeOf">What it needs, by name.</param>
/// <param name="Removal">The call that removes it for good, as the audit trail names it.</param>
/// <param name="RemoveAsync">Does so.</param>
internal sealed record StoredItem(
    string Name, DateTimeOffset UpdateTime, bool IsBusy, DateTimeOffset? PurgeTime, IReadOnlyList<string> MadeOf, string Removal,
    Func<Deletions, CancellationToken, Task> RemoveAsync)
{
    /// <summary>Whether it was deleted.</summary>
    public bool IsDeleted => PurgeTime is not null;

    public static StoredItem Of(EvidencePackRecord pack) => new(
        pack.Name, pack.CreateTime, IsBusy: false, PurgeTime: null, MadeOf: [],
        "EvidenceService/DeleteEvidencePack", (deletions, cancellation) => deletions.DeleteEvidencePackAsync(pack.Name, cancellation));

    public static StoredItem Of(EvaluationRecord evaluation) => new(
        evaluation.Name, evaluation.UpdateTime, evaluation.State == ArtifactState.Pending, PurgeTime: null,
        [evaluation.Dataset, evaluation.Holdout, evaluation.SyntheticDataset],
        "EvaluationService/DeleteEvaluation", (deletions, cancellation) => deletions.DeleteEvaluationAsync(evaluation.Name, cancellation));

    public static StoredItem Of(SyntheticDatasetRecord synthetic) => new(
        synthetic.Name, synthetic.UpdateTime, synthetic.State == ArtifactState.Pending, synthetic.PurgeTime, [synthetic.Generator],
        "SyntheticDatasetService/PurgeSyntheticDataset", (deletions, cancellation) => deletions.PurgeSyntheticDatasetAsync(synthetic.Name, cancellation));

    public static StoredItem Of(GeneratorSnapshot generator) => new(
        generator.Name, generator.UpdateTime, generator.Training is { HasEnded: false }, generator.PurgeTime, [generator.Definition.Dataset],
        "GeneratorService/PurgeGenerator", (deletions, cancellation) => deletions.PurgeGeneratorAsync(generator.Name, cancellation));

    public static StoredItem Of(DatasetRecord dataset) => new(
        dataset.Name, dataset.UpdateTime, dataset is { State: DatasetState.Empty or DatasetState.Profiling, DeleteTime: null }, dataset.PurgeTime, [],
        "DatasetService/PurgeDataset", (deletions, cancellation) => deletions.PurgeDatasetAsync(dataset.Name, cancellation));
}
