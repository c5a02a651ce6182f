namespace SynthStudio.Catalog;

/// <summary>Synthetic data sets. Their generation jobs' ends are written by the catalog projector.</summary>
public sealed class SyntheticDatasetStore : ResourceStore<SyntheticDatasetRecord>
{
    internal SyntheticDatasetStore(IDbContextFactory<CatalogContext> contexts) : base(contexts)
    {
    }

    /// <summary>Those drawn from one generator, newest first.</summary>
    public async Task<Page<SyntheticDatasetRecord>> ListByGeneratorAsync(
        string generator, PageRequest page, CancellationToken cancellation = default)
    {
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        return await context.SyntheticDatasets.AsNoTracking().Where(s => s.Generator == generator).PageAsync(page, cancellation);
    }

    private protected override SyntheticDatasetRecord WithVersion(SyntheticDatasetRecord resource, long version) =>
        resource with { Version = version };
}
