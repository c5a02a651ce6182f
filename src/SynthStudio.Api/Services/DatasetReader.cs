using SynthStudio.Catalog;

namespace SynthStudio.Api.Services;

/// <summary>Has data sets read: schema and profile come from a profiling job, whose end the catalog projector writes down.</summary>
internal sealed class DatasetReader(DatasetStore datasets, JobDirectory jobs, JobIndex index, TimeProvider time)
{
    private const int Priority = 2;

    /// <summary>Stores the data set, which got its rows, with its first profiling job. <see cref="EnsureSubmittedAsync"/> then starts the job.</summary>
    public Task<DatasetRecord> BeginAsync(DatasetRecord dataset, ArrivalSource source, CancellationToken cancellation) =>
        datasets.FillAsync(WithJob(dataset), source, time.Now(), cancellation);

    /// <summary>Stores the data set as it shall be, with a new profiling job.</summary>
    public Task<DatasetRecord> StartAsync(DatasetRecord dataset, CancellationToken cancellation) => datasets.UpdateAsync(WithJob(dataset), cancellation);

    private DatasetRecord WithJob(DatasetRecord dataset) => dataset with
    {
        State = DatasetState.Profiling,
        DeclaredSchemaJson = dataset.SchemaJson,
        Error = null,
        ProfileJob = $"{dataset.Project}/jobs/{ResourceIds.New()}",
        UpdateTime = time.Now(),
    };

    /// <summary>Submits the profiling job of a data set that waits for it. Repeating it changes nothing.</summary>
    public async Task EnsureSubmittedAsync(DatasetRecord dataset, CancellationToken cancellation)
    {
        if (dataset.State != DatasetState.Profiling || await index.FindAsync(dataset.ProfileJob, cancellation) is not null) return;
        await jobs.SubmitAsync(
            dataset.ProfileJob,
            new JobSubmission(dataset.Name, new ProfilingSpec { Data = Input(dataset), Withheld = dataset.Withheld }, Priority,
                WorkRequirements.Cpu with { MemoryBytes = MemoryNeeds.OfProfile(dataset) }));
    }

    /// <summary>A data set as the input of a private training: by what its owner declared, and nothing that was inferred.</summary>
    public static DataInput DeclaredInput(DatasetRecord dataset) => Input(dataset) with { SchemaJson = dataset.DeclaredSchemaJson };

    /// <summary>A data set as the input of a job.</summary>
    public static DataInput Input(DatasetRecord dataset) => new(dataset.Object!, dataset.FileName, dataset.SchemaJson);
}
