using SynthStudio.Catalog;

namespace SynthStudio.Api.Lifecycle;

/// <summary>What is in a project, all of it.</summary>
/// <param name="Datasets">The real tables.</param>
/// <param name="Generators">What learned them.</param>
/// <param name="SyntheticDatasets">What was drawn.</param>
/// <param name="Evaluations">What compares them.</param>
/// <param name="Analyses">Closer looks at the tables.</param>
/// <param name="Aliases">Names that stand for generators.</param>
internal sealed record ProjectContents(
    IReadOnlyList<DatasetRecord> Datasets, IReadOnlyList<GeneratorSnapshot> Generators, IReadOnlyList<SyntheticDatasetRecord> SyntheticDatasets,
    IReadOnlyList<EvaluationRecord> Evaluations, IReadOnlyList<AnalysisRecord> Analyses, IReadOnlyList<GeneratorAliasRecord> Aliases);

/// <summary>Reads what is in a project.</summary>
internal sealed class ProjectContentsReader(
    DatasetStore datasets, GeneratorIndex generators, SyntheticDatasetStore synthetics, EvaluationStore evaluations, AnalysisStore analyses, GeneratorAliasStore aliases)
{
    private const int PageSize = 500;

    public async Task<ProjectContents> ReadAsync(string project, CancellationToken cancellation) => new(
        await ReadAllAsync(page => datasets.ListAsync(project, page, cancellation)),
        await ReadAllAsync(page => generators.ListAsync(project, page, cancellation: cancellation)),
        await ReadAllAsync(page => synthetics.ListAsync(project, page, cancellation)),
        await ReadAllAsync(page => evaluations.ListAsync(project, page, cancellation)),
        await ReadAllAsync(page => analyses.ListAsync(project, page, cancellation)),
        await aliases.ListAsync(project, int.MaxValue, cancellation));

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
