using SynthStudio.Catalog.Webhooks;

namespace SynthStudio.Catalog;

/// <summary>Data sets. Their profiling jobs' ends are written by the catalog projector.</summary>
public sealed class DatasetStore : DeletableStore<DatasetRecord>
{
    internal DatasetStore(IDbContextFactory<CatalogContext> contexts) : base(contexts)
    {
    }

    /// <summary>Replaces a data set whose place in its life changes, as an event says to webhooks.</summary>
    /// <param name="type">The event: created, deleted or undeleted.</param>
    /// <param name="dataset">As it shall be, with the version as it was read.</param>
    /// <param name="now">The current time.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="VersionConflictException">It has changed since, or is gone.</exception>
    public Task<DatasetRecord> UpdateAsync(string type, DatasetRecord dataset, DateTimeOffset now, CancellationToken cancellation = default) =>
        UpdateAsync(dataset, next => WebhookEvent.Of(type, next, now), cancellation);

    /// <summary>Bytes that the data sets of a project take, each counted for itself, and how many of them those take that were deleted and not removed yet.</summary>
    public async Task<(long All, long Deleted)> StoredBytesAsync(string project, CancellationToken cancellation = default)
    {
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        var stored = await context.Datasets.IgnoreQueryFilters().Where(d => d.Project == project && d.Object != null)
            .Select(d => new { d.Object, IsDeleted = d.DeleteTime != null }).ToListAsync(cancellation);
        return (stored.Sum(d => d.Object!.Size), stored.Where(d => d.IsDeleted).Sum(d => d.Object!.Size));
    }

    /// <summary>Begins to remove a deleted data set for good: from then on it does not come back. May be repeated. False when it is not deleted.</summary>
    public async Task<bool> BeginPurgeAsync(string name, CancellationToken cancellation = default)
    {
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        return await context.Datasets.IgnoreQueryFilters().Where(d => d.Name == name && d.DeleteTime != null).ExecuteUpdateAsync(
            set => set.SetProperty(d => d.PurgeTime, DateTimeOffset.UnixEpoch).SetProperty(d => d.Version, d => d.Version + 1), cancellation) == 1;
    }

    /// <summary>All versions of the table that a data set is a version of, the oldest first.</summary>
    public async Task<IReadOnlyList<DatasetRecord>> ListVersionsAsync(DatasetRecord dataset, CancellationToken cancellation = default)
    {
        var line = dataset.Line.Length > 0 ? dataset.Line : dataset.Name;
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        return await context.Datasets.AsNoTracking().Where(d => d.Name == line || d.Line == line).OrderBy(d => d.CreateTime).ThenBy(d => d.Name).ToListAsync(cancellation);
    }

    private protected override DatasetRecord WithVersion(DatasetRecord resource, long version) => resource with { Version = version };
}
