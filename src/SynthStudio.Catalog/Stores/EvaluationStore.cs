namespace SynthStudio.Catalog;

/// <summary>Evaluations. Their jobs' ends are written by the catalog projector.</summary>
public sealed class EvaluationStore : ResourceStore<EvaluationRecord>
{
    internal EvaluationStore(IDbContextFactory<CatalogContext> contexts) : base(contexts)
    {
    }

    /// <summary>Those of one synthetic data set, newest first.</summary>
    public async Task<Page<EvaluationRecord>> ListBySyntheticDatasetAsync(
        string syntheticDataset, PageRequest page, CancellationToken cancellation = default)
    {
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        return await context.Evaluations.AsNoTracking().Where(e => e.SyntheticDataset == syntheticDataset).PageAsync(page, cancellation);
    }

    /// <summary>The newest evaluation that names the data set, as what was learned, as unseen rows or as synthetic rows; null when none does.</summary>
    public async Task<EvaluationRecord?> FindOfDatasetAsync(string dataset, CancellationToken cancellation = default)
    {
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        return await context.Evaluations.AsNoTracking()
            .Where(e => e.Dataset == dataset || e.Holdout == dataset || e.SyntheticDataset == dataset)
            .OrderByDescending(e => e.CreateTime).FirstOrDefaultAsync(cancellation);
    }

    private protected override EvaluationRecord WithVersion(EvaluationRecord resource, long version) => resource with { Version = version };
}
