using System.Text.Json;
using SynthStudio.Api.Services;
using SynthStudio.Api.Transfers;
using SynthStudio.Catalog;
using SynthStudio.Storage;

namespace SynthStudio.Api.Formats;

/// <summary>
/// Finds the rows of data sets. Their files come from anybody in any format, so a worker process reads them, not this one: a job writes the
/// rows as CSV, and says which types their columns have. That copy goes with the job, which is forgotten when the rows were sent, or not
/// sent, however that ended. Nobody holds one longer than a transfer may take, so what is older was left by a process that died, and
/// <see cref="ForgetLeftAsync"/> does what it could not.
/// </summary>
internal sealed class RealRows(
    JobDirectory jobs, JobIndex index, IObjectStore objects, ObjectTexts texts, TransferOptions options, TimeProvider time,
    ILogger<RealRows> log)
{
    private const int Priority = 2, Batch = 1000;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200), LongestPause = TimeSpan.FromSeconds(3);

    /// <summary>How long it is waited for the end of a job that nobody needs any more.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How much clocks may differ, and then some.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    /// <summary>Hands the rows of a data set to who sends them.</summary>
    /// <param name="dataset">A data set that is ready.</param>
    /// <param name="asText">Columns that are texts, whatever they hold.</param>
    /// <param name="send">Sends them, until it is told to stop.</param>
    /// <param name="cancellation">Stops it, and the job.</param>
    /// <exception cref="RowsNotReadException">The job failed or was cancelled, or all took longer than a transfer may.</exception>
    /// <exception cref="NoSuchColumnException">One of <paramref name="asText"/> is no column.</exception>
    public async Task ReadAsync(
        DatasetRecord dataset, IReadOnlyCollection<string> asText, Func<StoredRows, CancellationToken, Task> send,
        CancellationToken cancellation)
    {
        using var over = new CancellationTokenSource(options.MaxTime, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, over.Token);
        var job = $"{dataset.Project}/jobs/{ResourceIds.New()}";
        var hasEnded = false;
        try
        {
            await SubmitAsync(job, dataset);
            var ended = await EndAsync(job, isListed: true, limit.Token);
            hasEnded = true;
            if (ended is not { State: WorkState.Succeeded, Result.Artifacts: { } made }) throw RowsNotReadException.Of(dataset.Name, job, ended?.Error);
            var columns = JsonSerializer.Deserialize<Column[]>(await texts.ReadAsync(made["columns"], limit.Token), JsonSerializerOptions.Web)!;
            var typed = TypedColumn.List(columns.Select(column => new TypedColumn(column.Name, Enum.Parse<ColumnType>(column.Type))), asText);
            await send(new StoredRows(typed, [made["table"]], objects), limit.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw RowsNotReadException.Late(dataset.Name, options.MaxTime);
        }
        finally
        {
            // Who left is not waited for: where a call goes on after its stream was reset, a further frame of the client makes Kestrel
            // close the connection, with all other calls on it.
            var lettingGo = LetGoAsync(job, hasEnded);
            if (!cancellation.IsCancellationRequested) await lettingGo;
        }
    }

    /// <summary>Forgets the jobs, with the copies they made, that processes left that died, and stops those that have not ended.</summary>
    public async Task ForgetLeftAsync(CancellationToken cancellation)
    {
        var all = await index.ListOlderAsync(WorkKind.Extraction, time.GetUtcNow() - options.MaxTime - Margin, Batch, cancellation);
        foreach (var left in all.OrderByDescending(job => job.HasEnded)) // Those first that need no answer of the cluster.
        {
            // One that is stopped is forgotten in a later round, when it has ended; one that the catalog alone knows, at once.
            if (left.HasEnded || !await jobs.TryCancelAsync(left.Name, cancellation)) await jobs.ForgetJobAsync(left.Name, cancellation);
        }
    }

    private async Task SubmitAsync(string job, DatasetRecord dataset)
    {
        var spec = new ExtractionSpec { Data = DatasetReader.Input(dataset) };
        jobs.Add(job, spec.Kind, job); // Before: a submission whose answer is lost has to be found again.
        await jobs.SubmitAsync(
            job,
            new JobSubmission(dataset.Name, spec, Priority, WorkRequirements.Cpu with { MemoryBytes = MemoryNeeds.OfProfile(dataset) })
            {
                Limits = new WorkLimits(Total: options.MaxTime),
            });
    }

    /// <summary>The job, when it has ended and the catalog knows that; null when it was forgotten, as by a purge of its data set.</summary>
    /// <param name="job">The job.</param>
    /// <param name="isListed">Whether the catalog is known to have heard of it: it has when its submission was answered.</param>
    /// <param name="cancellation">Stops the wait.</param>
    private async Task<JobSnapshot?> EndAsync(string job, bool isListed, CancellationToken cancellation)
    {
        for (var pause = FirstPause; ; pause = TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, pause.TotalSeconds * 1.5)))
        {
            var found = await index.FindAsync(job, cancellation);
            if (found is { Snapshot.HasEnded: true } || (found is null && isListed)) return found?.Snapshot;
            isListed |= found is not null;
            await Task.Delay(pause, time, cancellation);
        }
    }

    /// <summary>Forgets the job; first it is stopped, when it has not ended. What fails of it is left to <see cref="ForgetLeftAsync"/>.</summary>
    private async Task LetGoAsync(string job, bool hasEnded)
    {
        try
        {
            if (!hasEnded)
            {
                if (!await jobs.TryCancelAsync(job, CancellationToken.None)) return; // It was never submitted.
                using var late = new CancellationTokenSource(Patience, time);
                await EndAsync(job, isListed: false, late.Token); // Forgotten before the catalog hears of its end, it would be listed anew.
            }

            await jobs.ForgetJobAsync(job, CancellationToken.None);
        }
        catch (Exception e)
        {
            log.RowsNotLetGo(job, e);
        }
    }

    private sealed record Column(string Name, string Type);
}

/// <summary>The rows of a data set could not be read.</summary>
internal sealed class RowsNotReadException(string message, string? reason) : Exception(message)
{
    /// <summary>Why, for programs; null when the job was cancelled.</summary>
    public string? Reason { get; } = reason;

    public static RowsNotReadException Of(string dataset, string job, WorkError? error) => new(
        error is null ? $"{dataset} was not read: {job} was cancelled." : $"{dataset} could not be read: {error.Message}", error?.Reason);

    public static RowsNotReadException Late(string dataset, TimeSpan limit) => new(
        $"Reading and sending {dataset} took longer than {limit}, the most that it may. Try again when the cluster has less to do, or ask the operator for more time.", TransferReasons.TimeOver);
}
