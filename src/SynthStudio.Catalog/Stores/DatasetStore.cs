using SynthStudio.Catalog.Webhooks;

namespace SynthStudio.Catalog;

/// <summary>Data sets. Their profiling jobs' ends are written by the catalog projector.</summary>
public sealed class DatasetStore : DeletableStore<DatasetRecord>
{
    internal DatasetStore(IDbContextFactory<CatalogContext> contexts) : base(contexts)
    {
    }

    /// <summary>Bytes that the data sets of a project take, each counted for itself, and how many of them those take that were deleted and not removed yet.</summary>
    public async Task<(long All, long Deleted)> StoredBytesAsync(string project, CancellationToken cancellation = default)
    {
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        var stored = await context.Datasets.IgnoreQueryFilters().Where(d => d.Project == project && d.Object != null)
            .Select(d => new { d.Object, IsDeleted = d.DeleteTime != null }).ToListAsync(cancellation);
        return (stored.Sum(d => d.Object!.Size), stored.Where(d => d.IsDeleted).Sum(d => d.Object!.Size));
    }

    /// <summary>All versions of the table that a data set is a version of, the oldest first.</summary>
    public async Task<IReadOnlyList<DatasetRecord>> ListVersionsAsync(DatasetRecord dataset, CancellationToken cancellation = default)
    {
        var line = dataset.Line.Length > 0 ? dataset.Line : dataset.Name;
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        return await context.Datasets.AsNoTracking().Where(d => d.Name == line || d.Line == line).OrderBy(d => d.CreateTime).ThenBy(d => d.Name).ToListAsync(cancellation);
    }

    private protected override ResourceKind Kind => ResourceKind.Dataset;

    private protected override ChangedResource Told(DatasetRecord resource) => new(resource.Name, resource.CreateTime, resource.Version, resource.State);

    private protected override DatasetRecord WithVersion(DatasetRecord resource, long version) => resource with { Version = version };
}
