using SynthStudio.Catalog.Webhooks;

namespace SynthStudio.Catalog;

/// <summary>Synthetic data sets. Their generation jobs' ends are written by the catalog projector.</summary>
public sealed class SyntheticDatasetStore : DeletableStore<SyntheticDatasetRecord>
{
    internal SyntheticDatasetStore(IDbContextFactory<CatalogContext> contexts) : base(contexts)
    {
    }

    /// <summary>
    /// Stores a new one and counts its rows on its day: neither is there without the other, and of
    /// callers at the same time none goes beyond the limit.
    /// </summary>
    /// <param name="synthetic">What to store.</param>
    /// <param name="limit">Rows that its project may have drawn on a day.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether the day had as many left.</returns>
    /// <exception cref="AlreadyExistsException">The name is taken; nothing was counted.</exception>
    public async Task<bool> TryCreateAsync(SyntheticDatasetRecord synthetic, long limit, CancellationToken cancellation = default)
    {
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
        context.Add(synthetic);
        await context.SaveNewAsync(synthetic.Name, cancellation);
        if (!await UsageStore.TryDrawAsync(context.Database.GetDbConnection(), synthetic, limit, cancellation)) return false;

        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>Those drawn from one generator, newest first.</summary>
    public async Task<Page<SyntheticDatasetRecord>> ListByGeneratorAsync(
        string generator, PageRequest page, CancellationToken cancellation = default)
    {
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        return await context.SyntheticDatasets.AsNoTracking().Where(s => s.Generator == generator).PageAsync(page, cancellation);
    }

    /// <summary>One that was drawn from a generator, deleted or not; null when there is none.</summary>
    public async Task<SyntheticDatasetRecord?> FindAnyOfGeneratorAsync(string generator, CancellationToken cancellation = default)
    {
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        return await context.SyntheticDatasets.IgnoreQueryFilters().AsNoTracking().FirstOrDefaultAsync(s => s.Generator == generator, cancellation);
    }

    private protected override ResourceKind Kind => ResourceKind.SyntheticDataset;

    private protected override ChangedResource Told(SyntheticDatasetRecord resource) =>
        new(resource.Name, resource.CreateTime, resource.Version, resource.State);

    private protected override SyntheticDatasetRecord WithVersion(SyntheticDatasetRecord resource, long version) =>
        resource with { Version = version };
}
