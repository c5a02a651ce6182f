namespace SynthStudio.Catalog;

/// <summary>
/// Builds EF Core's model and compiles its first query, about a second of work. A host runs it in the background once it is healthy, so
/// that neither its start nor its first caller waits for it.
/// </summary>
public sealed class CatalogWarmUp
{
    private readonly IDbContextFactory<CatalogContext> _contexts;

    internal CatalogWarmUp(IDbContextFactory<CatalogContext> contexts) => _contexts = contexts;

    public async Task RunAsync(CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        await context.Datasets.Where(d => d.Name == "").FirstOrDefaultAsync(cancellation);
    }
}
