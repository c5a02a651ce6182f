namespace SynthStudio.Catalog;

/// <summary>A kind of resources that are hidden for a while when they were deleted: every read leaves them out that does not say otherwise.</summary>
public abstract class DeletableStore<T> : ResourceStore<T> where T : class, IResourceRecord, IDeletable
{
    private protected DeletableStore(IDbContextFactory<CatalogContext> contexts) : base(contexts)
    {
    }

    /// <summary>The resource of this name, deleted or not; null when there is none.</summary>
    public async Task<T?> FindAnyAsync(string name, CancellationToken cancellation = default)
    {
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        return await context.Set<T>().IgnoreQueryFilters().AsNoTracking().FirstOrDefaultAsync(r => r.Name == name, cancellation);
    }

    /// <summary>The resources of a project, deleted or not, newest first.</summary>
    public async Task<Page<T>> ListAnyAsync(string project, PageRequest page, CancellationToken cancellation = default)
    {
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        return await context.Set<T>().IgnoreQueryFilters().AsNoTracking().Where(r => r.Project == project).PageAsync(page, cancellation);
    }

    /// <summary>Names of those whose time to go for good has come.</summary>
    public async Task<IReadOnlyList<string>> ListDueAsync(DateTimeOffset now, CancellationToken cancellation = default)
    {
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        return await context.Set<T>().IgnoreQueryFilters().Where(r => r.PurgeTime <= now).OrderBy(r => r.Name).Select(r => r.Name).ToListAsync(cancellation);
    }
}
