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

    private protected override ResourceKind Kind => ResourceKind.Dataset;

    private protected override ChangedResource Told(DatasetRecord resource) => new(resource.Name, resource.CreateTime, resource.Version, resource.State);

    private protected override DatasetRecord WithVersion(DatasetRecord resource, long version) => resource with { Version = version };
}
