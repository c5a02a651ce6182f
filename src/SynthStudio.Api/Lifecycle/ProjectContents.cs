using SynthStudio.Api.Authorization;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Lifecycle;

/// <summary>What is in a project, all of it.</summary>
/// <param name="Datasets">The real tables.</param>
/// <param name="Generators">What learned them.</param>
/// <param name="SyntheticDatasets">What was drawn.</param>
/// <param name="Evaluations">What compares them.</param>
/// <param name="Analyses">Closer looks at the tables.</param>
/// <param name="Aliases">Names that stand for generators.</param>
/// <param name="EvidencePacks">What could be shown of it.</param>
internal sealed record ProjectContents(
    IReadOnlyList<DatasetRecord> Datasets, IReadOnlyList<GeneratorSnapshot> Generators, IReadOnlyList<SyntheticDatasetRecord> SyntheticDatasets,
    IReadOnlyList<EvaluationRecord> Evaluations, IReadOnlyList<AnalysisRecord> Analyses, IReadOnlyList<GeneratorAliasRecord> Aliases,
    IReadOnlyList<EvidencePackRecord> EvidencePacks);

/// <summary>Something in a project.</summary>
/// <param name="UpdateTime">When it was last changed.</param>
/// <param name="IsNeeded">Whether it is being made, or something is made of it.</param>
/// <param name="Dataset">The data set, if it is one.</param>
internal sealed record StoredItem(DateTimeOffset UpdateTime, bool IsNeeded, DatasetRecord? Dataset = null);

/// <summary>Reads what is in a project.</summary>
internal sealed class ProjectContentsReader(
    DatasetStore datasets, GeneratorIndex generators, SyntheticDatasetStore synthetics, EvaluationStore evaluations, AnalysisStore analyses, GeneratorAliasStore aliases,
    EvidencePackStore packs)
{
    private const int PageSize = 500;

    public async Task<ProjectContents> ReadAsync(string project, CancellationToken cancellation) => new(
        await ReadAllAsync(page => datasets.ListAsync(project, page, cancellation)),
        await ReadAllAsync(page => generators.ListAsync(project, page, cancellation: cancellation)),
        await ReadAllAsync(page => synthetics.ListAsync(project, page, cancellation)),
        await ReadAllAsync(page => evaluations.ListAsync(project, page, cancellation)),
        await ReadAllAsync(page => analyses.ListAsync(project, page, cancellation)),
        await aliases.ListAsync(project, int.MaxValue, cancellation),
        await ReadAllAsync(page => packs.ListAsync(project, page, cancellation)));

    /// <summary>Something in a project as it is now; null when there is none of that name.</summary>
    /// <param name="name">Resource name of a data set, generator, synthetic data set, evaluation or evidence pack.</param>
    /// <param name="cancellation">Stops reading.</param>
    public async Task<StoredItem?> FindAsync(string name, CancellationToken cancellation)
    {
        var one = new PageRequest(1);
        if (ResourcePattern.Dataset.Matches(name))
        {
            return await datasets.FindAsync(name, cancellation) is not { } dataset ? null : new StoredItem(
                dataset.UpdateTime,
                dataset.State is DatasetState.Empty or DatasetState.Profiling || await generators.AnyOfDatasetAsync(name, cancellation)
                || await evaluations.FindOfDatasetAsync(name, cancellation) is not null
                || (await ReadAllAsync(page => analyses.ListOfDatasetAsync(name, page, cancellation))).Any(analysis => analysis.State == ArtifactState.Pending),
                dataset);
        }

        if (ResourcePattern.Generator.Matches(name))
        {
            return await generators.FindAsync(name, cancellation) is not { } generator ? null : new StoredItem(
                generator.UpdateTime,
                generator.Training is { HasEnded: false } || (await synthetics.ListByGeneratorAsync(name, one, cancellation)).Items.Count > 0
                || (await aliases.ListOfGeneratorAsync(name, cancellation)).Count > 0);
        }

        if (ResourcePattern.SyntheticDataset.Matches(name))
        {
            return await synthetics.FindAsync(name, cancellation) is not { } synthetic ? null : new StoredItem(
                synthetic.UpdateTime, synthetic.State == ArtifactState.Pending || (await evaluations.ListBySyntheticDatasetAsync(name, one, cancellation)).Items.Count > 0);
        }

        if (ResourcePattern.EvidencePack.Matches(name)) return await packs.FindAsync(name, cancellation) is { } pack ? new StoredItem(pack.CreateTime, IsNeeded: false) : null;

        return await evaluations.FindAsync(name, cancellation) is { } evaluation ? new StoredItem(evaluation.UpdateTime, evaluation.State == ArtifactState.Pending) : null;
    }

    /// <summary>All entries of a list.</summary>
    internal static async Task<IReadOnlyList<T>> ReadAllAsync<T>(Func<PageRequest, Task<Page<T>>> read)
    {
        var all = new List<T>();
        PageCursor? after = null;
        do
        {
            var page = await read(new PageRequest(PageSize, after));
            all.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);

        return all;
    }
}
