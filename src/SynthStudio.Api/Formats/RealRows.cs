using System.Text.Json;
using SynthStudio.Api.Services;
using SynthStudio.Catalog;
using SynthStudio.Storage;

namespace SynthStudio.Api.Formats;

/// <summary>
/// Finds the rows of data sets. Their files come from anybody in any format, so a worker process reads them, not this one: a job writes the rows as CSV, and says which
/// types their columns have. That copy goes with the job, which is forgotten when the rows were sent.
/// </summary>
internal sealed class RealRows(JobDirectory jobs, JobIndex index, IObjectStore objects, ObjectTexts texts, TimeProvider time)
{
    private const int Priority = 2;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Hands the rows of a data set to who sends them.</summary>
    /// <param name="dataset">A data set that is ready.</param>
    /// <param name="asText">Columns that are texts, whatever they hold.</param>
    /// <param name="send">Sends them.</param>
    /// <param name="cancellation">Stops it, and the job.</param>
    /// <exception cref="RowsNotReadException">The job failed or was cancelled.</exception>
    public async Task ReadAsync(DatasetRecord dataset, IReadOnlyCollection<string> asText, Func<StoredRows, Task> send, CancellationToken cancellation)
    {
        var job = $"{dataset.Project}/jobs/{ResourceIds.New()}";
        var spec = new ExtractionSpec { Data = DatasetReader.Input(dataset) };
        await jobs.SubmitAsync(job, new JobSubmission(dataset.Name, spec, Priority, WorkRequirements.Cpu with { MemoryBytes = MemoryNeeds.Worker }));
        var ended = await EndAsync(job, cancellation);
        if (ended is not { State: WorkState.Succeeded, Result.Artifacts: { } made }) throw new RowsNotReadException(dataset.Name, ended);
        try
        {
            var columns = JsonSerializer.Deserialize<Column[]>(await texts.ReadAsync(made["columns"], cancellation), JsonSerializerOptions.Web)!;
            await send(new StoredRows([.. columns.Select(column => TypeOf(column, asText))], [made["table"]], objects));
        }
        finally
        {
            await jobs.ForgetJobAsync(job, CancellationToken.None);
        }
    }

    /// <summary>The job, when it has ended and the catalog knows that.</summary>
    private async Task<JobSnapshot> EndAsync(string job, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                if (await index.FindAsync(job, cancellation) is { Snapshot: { HasEnded: true } ended }) return ended;
                await Task.Delay(PollInterval, time, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            await jobs.CancelAsync(job, CancellationToken.None);
            throw;
        }
    }

    private static TypedColumn TypeOf(Column column, IReadOnlyCollection<string> asText) =>
        new(column.Name, asText.Contains(column.Name) ? ColumnType.Text : Enum.Parse<ColumnType>(column.Type));

    private sealed record Column(string Name, string Type);
}

/// <summary>The rows of a data set could not be read.</summary>
internal sealed class RowsNotReadException(string dataset, JobSnapshot job) : Exception(
    job.Error is { } error ? $"{dataset} could not be read: {error.Message}" : $"{dataset} was not read: {job.Name} was cancelled.")
{
    public JobSnapshot Job { get; } = job;
}
