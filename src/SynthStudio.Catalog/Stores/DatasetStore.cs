namespace SynthStudio.Catalog;

/// <summary>Data sets. Their profiling jobs' ends are written by the catalog projector.</summary>
public sealed class DatasetStore : ResourceStore<DatasetRecord>
{
    internal DatasetStore(IDbContextFactory<CatalogContext> contexts) : base(contexts)
    {
    }

    /// <summary>Bytes that the data sets of a project take, each counted for itself.</summary>
    public async Task<long> StoredBytesAsync(string project, CancellationToken cancellation = default)
    {
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        var objects = await context.Datasets.Where(d => d.Project == project && d.Object != null).Select(d => d.Object).ToListAsync(cancellation);
        return objects.Sum(o => o!.Size);
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
