using SynthStudio.Api.Authorization;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Lifecycle;

/// <summary>What is in a project, or in a part of it; what was deleted and can be brought back is in it.</summary>
/// <param name="Datasets">The real tables.</param>
/// <param name="Generators">What learned them.</param>
/// <param name="SyntheticDatasets">What was drawn.</param>
/// <param name="Evaluations">What compares them.</param>
/// <param name="Analyses">Closer looks at the tables.</param>
/// <param name="Aliases">Names that stand for generators.</param>
/// <param name="EvidencePacks">What can be shown of it. Nothing is made of them, and they are made of copies.</param>
internal sealed record ProjectContents(
    IReadOnlyList<DatasetRecord> Datasets, IReadOnlyList<GeneratorSnapshot> Generators, IReadOnlyList<SyntheticDatasetRecord> SyntheticDatasets,
    IReadOnlyList<EvaluationRecord> Evaluations, IReadOnlyList<AnalysisRecord> Analyses, IReadOnlyList<GeneratorAliasRecord> Aliases,
    IReadOnlyList<EvidencePackRecord> EvidencePacks)
{
    public static ProjectContents Empty { get; } = new([], [], [], [], [], [], []);

    /// <summary>All that goes some day, first what nothing is made of.</summary>
    public IEnumerable<StoredItem> Items =>
    [
        .. EvidencePacks.Select(StoredItem.Of), .. Evaluations.Select(StoredItem.Of), .. SyntheticDatasets.Select(StoredItem.Of),
        .. Generators.Select(StoredItem.Of), .. Datasets.Select(StoredItem.Of),
    ];

    /// <summary>What keeps something that is not made of it: aliases, and analyses that run. By what they keep.</summary>
    public IEnumerable<(string Kept, string By)> Ties =>
    [
        .. Aliases.Select(alias => (alias.Generator, alias.Name)),
        .. Analyses.Where(analysis => analysis.State == ArtifactState.Pending).Select(analysis => (analysis.Dataset, analysis.Name)),
    ];

    /// <summary>The thing of this name; null when there is none.</summary>
    public StoredItem? Find(string name) => Items.FirstOrDefault(item => item.Name == name);

    /// <summary>Something that needs the thing of this name; null when nothing does.</summary>
    public string? UserOf(string name) =>
        Ties.Where(tie => tie.Kept == name).Select(tie => tie.By)
            .Concat(Items.Where(item => item.MadeOf.Contains(name)).Select(item => item.Name))
            .FirstOrDefault();
}

/// <summary>Reads what is in a project.</summary>
internal sealed class ProjectContentsReader(
    DatasetStore datasets, GeneratorIndex generators, SyntheticDatasetStore synthetics, EvaluationStore evaluations, AnalysisStore analyses,
    GeneratorAliasStore aliases, EvidencePackStore packs)
{
    private const int PageSize = 500;

    public async Task<ProjectContents> ReadAsync(string project, CancellationToken cancellation) => new(
        await ReadAllAsync(page => datasets.ListAnyAsync(project, page, cancellation)),
        await ReadAllAsync(page => generators.ListAnyAsync(project, page, cancellation)),
        await ReadAllAsync(page => synthetics.ListAnyAsync(project, page, cancellation)),
        await ReadAllAsync(page => evaluations.ListAsync(project, page, cancellation)),
        await ReadAllAsync(page => analyses.ListAsync(project, page, cancellation)),
        await aliases.ListAsync(project, int.MaxValue, cancellation),
        await ReadAllAsync(page => packs.ListAsync(project, page, cancellation)));

    /// <summary>Something in a project as it is now, and of what needs it so much that it is known whether anything does.</summary>
    /// <param name="name">Resource name of a data set, generator, synthetic data set, evaluation or evidence pack.</param>
    /// <param name="cancellation">Stops reading.</param>
    public async Task<ProjectContents> ReadAroundAsync(string name, CancellationToken cancellation)
    {
        if (ResourcePattern.Dataset.Matches(name))
        {
            return ProjectContents.Empty with
            {
                Datasets = List(await datasets.FindAnyAsync(name, cancellation)),
                Generators = List(await generators.FindAnyOfDatasetAsync(name, cancellation)),
                Evaluations = List(await evaluations.FindOfDatasetAsync(name, cancellation)),
                Analyses = await ReadAllAsync(page => analyses.ListOfDatasetAsync(name, page, cancellation)),
            };
        }

        if (ResourcePattern.Generator.Matches(name))
        {
            return ProjectContents.Empty with
            {
                Generators = List(await generators.FindAnyAsync(name, cancellation)),
                SyntheticDatasets = List(await synthetics.FindAnyOfGeneratorAsync(name, cancellation)),
                Aliases = await aliases.ListOfGeneratorAsync(name, cancellation),
            };
        }

        if (ResourcePattern.SyntheticDataset.Matches(name))
        {
            return ProjectContents.Empty with
            {
                SyntheticDatasets = List(await synthetics.FindAnyAsync(name, cancellation)),
                Evaluations = (await evaluations.ListBySyntheticDatasetAsync(name, new PageRequest(1), cancellation)).Items,
            };
        }

        if (ResourcePattern.EvidencePack.Matches(name)) return ProjectContents.Empty with { EvidencePacks = List(await packs.FindAsync(name, cancellation)) };
        return ProjectContents.Empty with { Evaluations = List(await evaluations.FindAsync(name, cancellation)) };
    }

    /// <summary>Names of what was deleted and whose time is over, first what nothing is made of.</summary>
    public async Task<IReadOnlyList<string>> ListDueAsync(DateTimeOffset now, CancellationToken cancellation) =>
        [
            .. await synthetics.ListDueAsync(now, cancellation),
            .. await generators.ListDueAsync(now, cancellation),
            .. await datasets.ListDueAsync(now, cancellation),
        ];

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

    private static IReadOnlyList<T> List<T>(T? found) where T : class => found is null ? [] : [found];
}
