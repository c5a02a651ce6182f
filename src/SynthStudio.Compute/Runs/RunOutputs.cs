using SynthStudio.Storage;
using SynthStudio.Worker.V1;

namespace SynthStudio.Compute;

/// <summary>
/// Takes what one run's worker makes to the object store, which may be away meanwhile. A checkpoint is not waited for: the training goes on, the next one is
/// stored, or this one before the run ends paused. Anything else is tried again for a while, since to make it anew costs more than to wait.
/// </summary>
/// <param name="services">What runs need.</param>
/// <param name="job">The job, of a project.</param>
/// <param name="epoch">Its lease.</param>
/// <param name="silo">Address of this silo.</param>
/// <param name="tell">Tells the owner.</param>
/// <param name="unwanted">Cancelled when the run is to end: nothing that can be made anew is stored then, and nothing waited for.</param>
/// <param name="discarded">Cancelled when nobody wants the result either.</param>
internal sealed class RunOutputs(
    RunServices services, string job, LeaseEpoch epoch, string silo, Action<WorkUpdate> tell, CancellationToken unwanted, CancellationToken discarded)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1), LastWait = TimeSpan.FromSeconds(30);

    private readonly IObjectStore objects = services.Objects.OfProject(string.Join('/', job.Split('/').Take(2)));
    private WorkerOutput? unstored;

    /// <summary>So long a store that is away is waited for; then the job is queued again.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(10);

    /// <summary>The update that a message means, when its files are objects; null for one that says nothing.</summary>
    /// <exception cref="StorageUnavailableException">The store was away for longer than a run waits.</exception>
    /// <exception cref="StorageFullException">There was no room for as long.</exception>
    /// <exception cref="OperationCanceledException">The run is to end.</exception>
    public async Task<WorkUpdate?> TakeAsync(WorkerOutput message)
    {
        if (message.Checkpoint is not null) return await TryCheckpointAsync(message);
        if (message.Failed is { Trace.Length: > 0 } failed) ComputeLog.WorkerFailed(services.Logger, job, epoch.Value, failed.Trace);
        if (message.Paused is not null && unstored is { } last)
        {
            tell((await OutputCollector.CollectAsync(last, silo, StoreAsync))!);
            unstored = null;
        }

        return await OutputCollector.CollectAsync(message, silo, message.Completed is null ? StoreAsync : StoreResultAsync);
    }

    private async Task<WorkUpdate?> TryCheckpointAsync(WorkerOutput message)
    {
        try
        {
            var stored = await OutputCollector.CollectAsync(message, silo, (path, type) => objects.PutFileAsync(path, type, unwanted));
            unstored = null;
            return stored;
        }
        catch (Exception e) when (IsAway(e) || e is FileNotFoundException) // The worker keeps its newest ones only, and wrote more while this one waited.
        {
            ComputeLog.CheckpointSkipped(services.Logger, e, job, epoch.Value, message.Checkpoint.Step);
            unstored = message;
            return new WorkLogged("warning", $"No checkpoint is stored at step {message.Checkpoint.Step}, the training goes on. {Why(e)}");
        }
    }

    private Task<ObjectRef> StoreAsync(string path, string mediaType) => StoreAsync(path, mediaType, unwanted);

    private Task<ObjectRef> StoreResultAsync(string path, string mediaType) => StoreAsync(path, mediaType, discarded);

    private async Task<ObjectRef> StoreAsync(string path, string mediaType, CancellationToken cancellation)
    {
        var began = services.Time.GetTimestamp();
        for (var wait = FirstWait; ; wait = wait * 2 < LastWait ? wait * 2 : LastWait)
        {
            try
            {
                return await objects.PutFileAsync(path, mediaType, cancellation);
            }
            catch (Exception e) when (IsAway(e) && services.Time.GetElapsedTime(began) < Patience)
            {
                ComputeLog.StoreWaitedFor(services.Logger, e, job, epoch.Value, wait);
                if (wait == FirstWait) tell(new WorkLogged("warning", $"What was made waits for the object store. {Why(e)}"));
            }

            await Task.Delay(wait, services.Time, unwanted);
        }
    }

    private static bool IsAway(Exception e) => e is StorageUnavailableException or StorageFullException;

    private static string Why(Exception e) => IsAway(e) ? e.Message : "The worker has written newer ones meanwhile.";
}
