namespace SynthStudio.Catalog;

/// <summary>Generators as last projected by their grains: for lists. The grain itself knows what is true now.</summary>
public sealed class GeneratorIndex
{
    private readonly IDbContextFactory<CatalogContext> _contexts;

    internal GeneratorIndex(IDbContextFactory<CatalogContext> contexts) => _contexts = contexts;

    /// <summary>The generator of this name; null when there is none.</summary>
    public async Task<GeneratorSnapshot?> FindAsync(string name, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        return await context.Generators.Where(g => g.Name == name).Select(g => g.Snapshot).FirstOrDefaultAsync(cancellation);
    }

    /// <summary>The generators of a project, newest first.</summary>
    /// <param name="project">Resource name of the project.</param>
    /// <param name="page">Where to start and how many.</param>
    /// <param name="dataset">Only those of this data set; null for all.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<Page<GeneratorSnapshot>> ListAsync(
        string project, PageRequest page, string? dataset = null, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        var rows = context.Generators.AsNoTracking().Where(g => g.Project == project);
        if (dataset is not null) rows = rows.Where(g => g.Dataset == dataset);
        return (await rows.PageAsync(page, cancellation)).Select(g => g.Snapshot);
    }

    /// <summary>Whether anything was or is trained on the data set: such a data set is not deleted.</summary>
    public async Task<bool> AnyOfDatasetAsync(string dataset, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        return await context.Generators.AnyAsync(g => g.Dataset == dataset, cancellation);
    }

    /// <summary>Takes a deleted generator out of the lists.</summary>
    public async Task DeleteAsync(string name, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        await context.Generators.Where(g => g.Name == name).ExecuteDeleteAsync(cancellation);
    }
}
