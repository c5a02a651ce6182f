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

    /// <summary>The newest ready ones of rows that a generator drew from one model.</summary>
    /// <param name="generator">Resource name of the generator.</param>
    /// <param name="modelSha256">Of the model package.</param>
    /// <param name="most">How many.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<IReadOnlyList<EvaluationRecord>> ListOfModelAsync(
        string generator, string modelSha256, int most, CancellationToken cancellation = default)
    {
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        return await NewestAsync(context, context.SyntheticDatasets.Where(s => s.Generator == generator && s.ModelSha256 == modelSha256), most, cancellation);
    }

    /// <summary>The newest ready ones of rows that a generator drew from any other model than this one, or from nobody knows which.</summary>
    /// <param name="generator">Resource name of the generator.</param>
    /// <param name="modelSha256">Of the model package; empty for none.</param>
    /// <param name="most">How many.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<IReadOnlyList<EvaluationRecord>> ListOfOtherModelsAsync(
        string generator, string modelSha256, int most, CancellationToken cancellation = default)
    {
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        return await NewestAsync(
            context, context.SyntheticDatasets.Where(s => s.Generator == generator && (s.ModelSha256 != modelSha256 || modelSha256 == "")),
            most, cancellation);
    }

    private static async Task<IReadOnlyList<EvaluationRecord>> NewestAsync(
        CatalogContext context, IQueryable<SyntheticDatasetRecord> drawn, int most, CancellationToken cancellation) =>
        await context.Evaluations.AsNoTracking().Where(e => e.State == ArtifactState.Ready && drawn.Any(s => s.Name == e.SyntheticDataset))
            .OrderByDescending(e => e.CreateTime).ThenByDescending(e => e.Name).Take(most).ToListAsync(cancellation);

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
