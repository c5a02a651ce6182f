using SynthStudio.Catalog.Webhooks;

namespace SynthStudio.Catalog;

/// <summary>Data sets. Their profiling jobs' ends are written by the catalog projector.</summary>
public sealed class DatasetStore : DeletableStore<DatasetRecord>
{
    internal DatasetStore(IDbContextFactory<CatalogContext> contexts) : base(contexts)
    {
    }

    /// <summary>All versions of the table that a data set is a version of, the oldest first.</summary>
    public async Task<IReadOnlyList<DatasetRecord>> ListVersionsAsync(DatasetRecord dataset, CancellationToken cancellation = default)
    {
        var line = dataset.Line.Length > 0 ? dataset.Line : dataset.Name;
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        return await context.Datasets.AsNoTracking().Where(d => d.Name == line || d.Line == line).OrderBy(d => d.CreateTime).ThenBy(d => d.Name).ToListAsync(cancellation);
    }

    /// <summary>Stores a data set that got its rows, with its first profiling job: webhooks are told, and its bytes are counted for the month, once.</summary>
    /// <param name="dataset">As it shall be, with the version as it was read.</param>
    /// <param name="source">Where the rows come from.</param>
    /// <param name="now">The current time.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="VersionConflictException">It has changed since, for example because another call gave it rows, or is gone.</exception>
    public Task<DatasetRecord> FillAsync(DatasetRecord dataset, ArrivalSource source, DateTimeOffset now, CancellationToken cancellation = default) => UpdateAsync(
        dataset, async (connection, next) =>
        {
            await TellAsync(connection, ResourceChange.Created, next, now, cancellation);
            await ArrivalStore.NoteAsync(connection, source, next.ProfileJob, next.Project, next.Object!.Size, now, cancellation);
        }, cancellation);

    private protected override ResourceKind Kind => ResourceKind.Dataset;

    private protected override ChangedResource Told(DatasetRecord resource) => new(resource.Name, resource.CreateTime, resource.Version, resource.State);

    private protected override DatasetRecord WithVersion(DatasetRecord resource, long version) => resource with { Version = version };
}
