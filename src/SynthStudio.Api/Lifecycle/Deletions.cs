using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Services;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Assistant;
using SynthStudio.Catalog.Webhooks;

namespace SynthStudio.Api.Lifecycle;

/// <summary>
/// Lets things go. What people work with is hidden first and can be brought back for a time of the options (<see cref="IDeletable"/>),
/// then, or when they say so, purged with its jobs and logs; what is made beside it (analyses, evaluations) goes at once. Whether
/// something still needs them is asked before.
/// </summary>
internal sealed class Deletions(
    DatasetStore datasets, AnalysisStore analyses, GeneratorIndex generators, SyntheticDatasetStore synthetics, EvaluationStore evaluations,
    EvidencePackStore packs, AssistantConsentStore consents, ProjectContentsReader contents, JobDirectory jobs, IGrainFactory grains,
    ApiOptions options, TimeProvider time)
{
    /// <summary>Hides a data set. Its time of change stays: a retention counts from it.</summary>
    public Task<DatasetRecord> DeleteAsync(DatasetRecord dataset, CancellationToken cancellation)
    {
        var now = time.Now();
        return datasets.UpdateAsync(ResourceChange.Deleted, dataset with { DeleteTime = now, PurgeTime = now + options.ResourceGrace }, now, cancellation);
    }

    /// <summary>Hides a synthetic data set.</summary>
    public Task<SyntheticDatasetRecord> DeleteAsync(SyntheticDatasetRecord synthetic, CancellationToken cancellation)
    {
        var now = time.Now();
        return synthetics.UpdateAsync(ResourceChange.Deleted, synthetic with { DeleteTime = now, PurgeTime = now + options.ResourceGrace }, now, cancellation);
    }

    /// <summary>Hides a generator.</summary>
    public Task<GeneratorSnapshot> DeleteGeneratorAsync(string name) => grains.GetGrain<IGeneratorGrain>(name).DeleteAsync(time.Now() + options.ResourceGrace);

    /// <summary>Brings a data set back.</summary>
    public async Task<DatasetRecord> UndeleteDatasetAsync(string name, CancellationToken cancellation)
    {
        var dataset = await datasets.FindAnyAsync(name, cancellation) ?? throw ApiErrors.NotFound(name);
        DemandRestorable(name, dataset.DeleteTime, dataset.PurgeTime);
        return await datasets.UpdateAsync(ResourceChange.Undeleted, dataset with { DeleteTime = null, PurgeTime = null }, time.Now(), cancellation);
    }

    /// <summary>Brings a generator back, whose data set must be there, if it has one.</summary>
    public async Task<GeneratorSnapshot> UndeleteGeneratorAsync(string name, CancellationToken cancellation)
    {
        var grain = grains.GetGrain<IGeneratorGrain>(name);
        var generator = await grain.GetAnyAsync();
        DemandRestorable(name, generator.DeleteTime, generator.PurgeTime);
        if (generator.Definition.Dataset.Length > 0 && await datasets.FindAsync(generator.Definition.Dataset, cancellation) is null)
            throw Orphan(name, generator.Definition.Dataset);
        return await grain.UndeleteAsync();
    }

    /// <summary>Brings a synthetic data set back, whose generator must be there.</summary>
    public async Task<SyntheticDatasetRecord> UndeleteSyntheticDatasetAsync(string name, CancellationToken cancellation)
    {
        var synthetic = await synthetics.FindAnyAsync(name, cancellation) ?? throw ApiErrors.NotFound(name);
        DemandRestorable(name, synthetic.DeleteTime, synthetic.PurgeTime);
        if (await generators.FindAsync(synthetic.Generator, cancellation) is null) throw Orphan(name, synthetic.Generator);
        return await synthetics.UpdateAsync(ResourceChange.Undeleted, synthetic with { DeleteTime = null, PurgeTime = null }, time.Now(), cancellation);
    }

    /// <summary>Whether something was deleted and its time is not over.</summary>
    /// <exception cref="RpcException">FAILED_PRECONDITION: it was not, or is.</exception>
    public void DemandRestorable(string name, DateTimeOffset? deleted, DateTimeOffset? purged)
    {
        if (deleted is null) throw NotDeleted(name);
        if (purged <= time.GetUtcNow()) throw ApiErrors.Precondition(ErrorReasons.StateForbids, name, $"{name} is being removed for good: its time is over.");
    }

    /// <summary>Removes something for good that was deleted, unless something needs it that was deleted too.</summary>
    /// <exception cref="RpcException">NOT_FOUND. FAILED_PRECONDITION: it was not deleted, or is needed.</exception>
    public async Task PurgeAsync(string name, CancellationToken cancellation)
    {
        var around = await contents.ReadAroundAsync(name, cancellation);
        if (around.Find(name) is not { } item) throw ApiErrors.NotFound(name);
        if (!item.IsDeleted) throw NotDeleted(name);
        if (around.UserOf(name) is { } user) throw ApiErrors.Precondition(ErrorReasons.StillUsed, name, $"{user} needs {name}: purge it first.");
        if (!await BeginPurgeAsync(name, cancellation)) throw NotDeleted(name); // Brought back meanwhile.
        await item.RemoveAsync(this, cancellation);
    }

    /// <summary>Begins to remove something for good, if it is still deleted: from then on it does not come back.</summary>
    public Task<bool> BeginPurgeAsync(string name, CancellationToken cancellation) =>
        ResourcePattern.Dataset.Matches(name) ? datasets.BeginPurgeAsync(name, cancellation)
        : ResourcePattern.Generator.Matches(name) ? grains.GetGrain<IGeneratorGrain>(name).BeginPurgeAsync()
        : synthetics.BeginPurgeAsync(name, cancellation);

    /// <summary>Removes a data set for good, with its analyses, deleted before or not.</summary>
    public async Task PurgeDatasetAsync(string name, CancellationToken cancellation)
    {
        if (await datasets.FindAnyAsync(name, cancellation) is not { } dataset) return; // Somebody else was first.
        if (dataset.DeleteTime is null) await DeleteAsync(dataset, cancellation);
        await datasets.BeginPurgeAsync(dataset.Name, cancellation);
        if (dataset.State == DatasetState.Profiling) await jobs.TryCancelAsync(dataset.ProfileJob, cancellation);
        await jobs.CancelAllAsync(dataset.Name, WorkKind.Extraction, cancellation); // Its rows are not copied any more.
        foreach (var analysis in await ProjectContentsReader.ReadAllAsync(page => analyses.ListOfDatasetAsync(dataset.Name, page, cancellation)))
            await DeleteAnalysisAsync(analysis.Name, cancellation);
        await consents.DeleteAsync(dataset.Name, cancellation); // It is for this table, not for a later one of its name.
        await RemoveAsync(dataset.Name, () => datasets.PurgeAsync(dataset.Name, time.Now(), cancellation), cancellation);
    }

    public async Task PurgeGeneratorAsync(string name, CancellationToken cancellation)
    {
        await grains.GetGrain<IGeneratorGrain>(name).PurgeAsync();
        await RemoveAsync(name, () => generators.PurgeAsync(name, time.Now(), cancellation), cancellation);
    }

    public Task PurgeSyntheticDatasetAsync(string name, CancellationToken cancellation) =>
        RemoveAsync(name, () => synthetics.PurgeAsync(name, time.Now(), cancellation), cancellation);

    public Task DeleteAnalysisAsync(string name, CancellationToken cancellation) =>
        RemoveAsync(name, () => analyses.DeleteAsync(name, cancellation: cancellation), cancellation);

    public Task DeleteEvaluationAsync(string name, CancellationToken cancellation) =>
        RemoveAsync(name, () => evaluations.DeleteAsync(name, cancellation: cancellation), cancellation);

    public Task DeleteEvidencePackAsync(string name, CancellationToken cancellation) => packs.DeleteAsync(name, cancellation);

    /// <summary>
    /// Removes something with its jobs. These go before it, since nobody looks for them once it is gone, and after it those that the lists
    /// heard of meanwhile.
    /// </summary>
    private async Task RemoveAsync(string name, Func<Task> remove, CancellationToken cancellation)
    {
        await jobs.ForgetAsync(name, cancellation);
        await remove();
        await jobs.ForgetAsync(name, cancellation);
    }

    private static RpcException NotDeleted(string name) => ApiErrors.Precondition(ErrorReasons.StateForbids, name, $"{name} is not deleted: this is for what is.");

    private static RpcException Orphan(string name, string madeOf) =>
        ApiErrors.Precondition(ErrorReasons.StateForbids, name, $"{name} is made of {madeOf}, which was deleted too: bring that back first.");
}
