using SynthStudio.Api.Services;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Assistant;

namespace SynthStudio.Api.Lifecycle;

/// <summary>Removes single resources for good, with their jobs and logs. Whether something still needs them is asked before.</summary>
internal sealed class Deletions(
    DatasetStore datasets, AnalysisStore analyses, GeneratorIndex generators, SyntheticDatasetStore synthetics, EvaluationStore evaluations, AssistantConsentStore consents,
    JobDirectory jobs, IGrainFactory grains)
{
    /// <summary>Removes a data set with its analyses.</summary>
    public async Task DeleteDatasetAsync(DatasetRecord dataset, CancellationToken cancellation)
    {
        if (dataset.State == DatasetState.Profiling) await jobs.CancelAsync(dataset.ProfileJob, cancellation);
        foreach (var analysis in await ProjectContentsReader.ReadAllAsync(page => analyses.ListOfDatasetAsync(dataset.Name, page, cancellation)))
            await DeleteAnalysisAsync(analysis.Name, cancellation);
        await consents.DeleteAsync(dataset.Name, cancellation); // It is for this table, not for a later one of its name.
        await datasets.DeleteAsync(dataset.Name, cancellation: cancellation);
        await jobs.ForgetAsync(dataset.Name, cancellation);
    }

    public async Task DeleteAnalysisAsync(string name, CancellationToken cancellation)
    {
        await analyses.DeleteAsync(name, cancellation: cancellation);
        await jobs.ForgetAsync(name, cancellation);
    }

    public async Task DeleteGeneratorAsync(string name, CancellationToken cancellation)
    {
        await grains.GetGrain<IGeneratorGrain>(name).DeleteAsync();
        await generators.DeleteAsync(name, cancellation);
        await jobs.ForgetAsync(name, cancellation);
    }

    public async Task DeleteSyntheticDatasetAsync(string name, CancellationToken cancellation)
    {
        await synthetics.DeleteAsync(name, cancellation: cancellation);
        await jobs.ForgetAsync(name, cancellation);
    }

    public async Task DeleteEvaluationAsync(string name, CancellationToken cancellation)
    {
        await evaluations.DeleteAsync(name, cancellation: cancellation);
        await jobs.ForgetAsync(name, cancellation);
    }
}
