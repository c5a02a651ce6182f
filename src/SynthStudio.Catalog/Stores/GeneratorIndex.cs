using SynthStudio.Catalog.Webhooks;

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

    /// <summary>The generators of a project that learn on from another one's model, newest first.</summary>
    public async Task<IReadOnlyList<GeneratorSnapshot>> ListStartedAsync(string project, CancellationToken cancellation = default)
    {
        const string started = "%\"start\":{%"; // Most have none, and are not read whole.
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        var snapshots = await context.Generators.FromSql($"SELECT * FROM generators WHERE project = {project} AND snapshot LIKE {started}").AsNoTracking()
            .OrderByDescending(g => g.CreateTime).ThenByDescending(g => g.Name).Select(g => g.Snapshot).ToListAsync(cancellation);
        return [.. snapshots.Where(g => g.Definition.Training.Start is not null)];
    }

    /// <summary>The generator of this name, deleted or not; null when there is none.</summary>
    public async Task<GeneratorSnapshot?> FindAnyAsync(string name, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        return await context.Generators.IgnoreQueryFilters().Where(g => g.Name == name).Select(g => g.Snapshot).FirstOrDefaultAsync(cancellation);
    }

    /// <summary>The generators of a project, deleted or not, newest first.</summary>
    public async Task<Page<GeneratorSnapshot>> ListAnyAsync(string project, PageRequest page, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        return (await context.Generators.IgnoreQueryFilters().AsNoTracking()
            .Where(g => g.Project == project)
            .PageAsync(page, cancellation)).Select(g => g.Snapshot);
    }

    /// <summary>How many generators a project has, deleted or not.</summary>
    public async Task<int> CountAnyAsync(string project, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        return await context.Generators.IgnoreQueryFilters().CountAsync(g => g.Project == project, cancellation);
    }

    /// <summary>Names of those whose time to go for good has come.</summary>
    public async Task<IReadOnlyList<string>> ListDueAsync(DateTimeOffset now, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        return await context.Generators.IgnoreQueryFilters().Where(g => g.PurgeTime <= now).OrderBy(g => g.Name).Select(g => g.Name).ToListAsync(cancellation);
    }

    /// <summary>A generator that learned the data set, deleted or not; null when there is none.</summary>
    public async Task<GeneratorSnapshot?> FindAnyOfDatasetAsync(string dataset, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        return await context.Generators.IgnoreQueryFilters().Where(g => g.Dataset == dataset).Select(g => g.Snapshot).FirstOrDefaultAsync(cancellation);
    }

    /// <summary>Whether anything was or is trained on the data set: such a data set is not deleted.</summary>
    public async Task<bool> AnyOfDatasetAsync(string dataset, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        return await context.Generators.AnyAsync(g => g.Dataset == dataset, cancellation);
    }

    /// <summary>Takes a generator that is gone for good out of the lists, and tells webhooks. May be repeated.</summary>
    public async Task PurgeAsync(string name, DateTimeOffset now, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
        var rows = context.Generators.IgnoreQueryFilters().Where(g => g.Name == name);
        if (await rows.Select(g => g.Snapshot).FirstOrDefaultAsync(cancellation) is not { } last
            || await rows.ExecuteDeleteAsync(cancellation) == 0)
            return;
        await WebhookOutbox.NoteAsync(
            context.Database.GetDbConnection(),
            WebhookEvent.Of(ResourceKind.Generator, ResourceChange.Purged, Told(last), now),
            cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>What events tell of a generator.</summary>
    internal static ChangedResource Told(GeneratorSnapshot generator) => new(generator.Name, generator.CreateTime, generator.Version, generator.State);
}
