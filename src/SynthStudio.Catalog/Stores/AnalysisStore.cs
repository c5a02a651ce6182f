namespace SynthStudio.Catalog;

/// <summary>Analyses of data sets. Their jobs' ends are written by the catalog projector.</summary>
public sealed class AnalysisStore : ResourceStore<AnalysisRecord>
{
    internal AnalysisStore(IDbContextFactory<CatalogContext> contexts) : base(contexts)
    {
    }

    /// <summary>Those of a data set, newest first.</summary>
    public async Task<Page<AnalysisRecord>> ListOfDatasetAsync(string dataset, PageRequest page, CancellationToken cancellation = default)
    {
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        return await context.Analyses.AsNoTracking().Where(a => a.Dataset == dataset).PageAsync(page, cancellation);
    }

    private protected override AnalysisRecord WithVersion(AnalysisRecord resource, long version) => resource with { Version = version };
}
