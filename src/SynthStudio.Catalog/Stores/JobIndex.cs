namespace SynthStudio.Catalog;

/// <summary>A job as last projected by its owner.</summary>
/// <param name="Owner">Resource name of the owning grain: the generator of a training, else the job.</param>
/// <param name="Snapshot">The job.</param>
public sealed record IndexedJob(string Owner, JobSnapshot Snapshot);

/// <summary>Which jobs a list shows; null shows all.</summary>
public sealed record JobFilter(WorkKind? Kind = null, WorkState? State = null, string? Subject = null);

/// <summary>Jobs as last projected by their owners: for lists, and to find the owner of a job.</summary>
public sealed class JobIndex
{
    private readonly IDbContextFactory<CatalogContext> _contexts;

    internal JobIndex(IDbContextFactory<CatalogContext> contexts) => _contexts = contexts;

    /// <summary>The job of this name; null when there is none.</summary>
    public async Task<IndexedJob?> FindAsync(string name, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        return await context.Jobs.Where(j => j.Name == name).Select(j => new IndexedJob(j.Owner, j.Snapshot))
            .FirstOrDefaultAsync(cancellation);
    }

    /// <summary>The jobs of a project, newest first.</summary>
    public async Task<Page<IndexedJob>> ListAsync(string project, JobFilter filter, PageRequest page, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        var rows = context.Jobs.AsNoTracking().Where(j => j.Project == project);
        if (filter.Kind is { } kind) rows = rows.Where(j => j.Kind == kind);
        if (filter.State is { } state) rows = rows.Where(j => j.State == state);
        if (filter.Subject is { } subject) rows = rows.Where(j => j.Subject == subject);
        return (await rows.PageAsync(page, cancellation)).Select(j => new IndexedJob(j.Owner, j.Snapshot));
    }

    /// <summary>The jobs of a kind in all projects that were made before a time, oldest first.</summary>
    public async Task<IReadOnlyList<JobSnapshot>> ListOlderAsync(WorkKind kind, DateTimeOffset before, int most, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        return await context.Jobs.AsNoTracking()
            .Where(j => j.Kind == kind && j.CreateTime < before)
            .OrderBy(j => j.CreateTime).Take(most)
            .Select(j => j.Snapshot).ToListAsync(cancellation);
    }

    /// <summary>Takes the job out of the lists.</summary>
    public async Task DeleteAsync(string name, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        await context.Jobs.Where(j => j.Name == name).ExecuteDeleteAsync(cancellation);
    }
}
