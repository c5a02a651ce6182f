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

    private protected override DatasetRecord WithVersion(DatasetRecord resource, long version) => resource with { Version = version };
}
