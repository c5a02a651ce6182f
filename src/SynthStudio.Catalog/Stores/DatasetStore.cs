namespace SynthStudio.Catalog;

/// <summary>Data sets. Their profiling jobs' ends are written by the catalog projector.</summary>
public sealed class DatasetStore : ResourceStore<DatasetRecord>
{
    internal DatasetStore(IDbContextFactory<CatalogContext> contexts) : base(contexts)
    {
    }

    private protected override DatasetRecord WithVersion(DatasetRecord resource, long version) => resource with { Version = version };
}
