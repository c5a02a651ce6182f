using Orleans.Concurrency;

namespace SynthStudio.Orchestration;

/// <summary>
/// A grain that owns jobs: it decides their state, keeps their progress log and answers the silo that works on them.
/// Generator grains own their trainings; every other job is owned by its own job grain.
/// </summary>
[Alias("synthstudio.IWorkOwnerGrain")]
public interface IWorkOwnerGrain : IGrainWithStringKey
{
    /// <summary>The job as it stands.</summary>
    /// <exception cref="WorkNotFoundException">This grain owns no such job.</exception>
    [Alias("GetJob")]
    Task<JobSnapshot> GetJobAsync(string job);

    /// <summary>Asks the job to stop. Does nothing when it has ended. What was spent stays spent.</summary>
    [Alias("CancelJob")]
    Task<JobSnapshot> CancelJobAsync(string job);

    /// <summary>Events after <paramref name="after"/>, oldest first; waits up to <paramref name="patience"/> when there are none yet.</summary>
    /// <param name="job">The job's resource name.</param>
    /// <param name="after">The last sequence the caller saw; 0 for none.</param>
    /// <param name="patience">At most 20 s.</param>
    [Alias("ReadProgress"), AlwaysInterleave]
    Task<ProgressBatch> ReadProgressAsync(string job, long after, TimeSpan patience);

    /// <summary>Called by the silo that took the lease. Null when the lease is not the newest, or there is nothing to do any more.</summary>
    [Alias("TakeOrder")]
    Task<WorkOrder?> TakeOrderAsync(string job, LeaseEpoch epoch, string silo);

    /// <summary>Called by the silo that holds the lease, with updates in order. Also without any, to learn the owner's wish.</summary>
    /// <param name="job">The job's resource name.</param>
    /// <param name="epoch">The lease.</param>
    /// <param name="first">
    /// Number of the first of <paramref name="updates"/> within this lease, from 0: a report may be sent again when its answer was lost.
    /// </param>
    /// <param name="updates">What happened since.</param>
    [Alias("Report")]
    Task<WorkDirective> ReportAsync(string job, LeaseEpoch epoch, long first, IReadOnlyList<WorkUpdate> updates);

    /// <summary>Called by the scheduler when the holder of lease <paramref name="epoch"/> is gone. Queues the job again or fails it.</summary>
    [Alias("LeaseLost")]
    Task LeaseLostAsync(string job, LeaseEpoch epoch, string reason);

    /// <summary>
    /// Called by the scheduler when more urgent work needs the slot: a training writes a checkpoint and waits in the queue again. Does nothing
    /// when the lease is an older one than the newest.
    /// </summary>
    /// <exception cref="WorkStateException">Nobody has come for the order of that lease yet. Ask again.</exception>
    [Alias("GiveWay")]
    Task GiveWayAsync(string job, LeaseEpoch epoch);

    /// <summary>Called by the reconciler: brings queue and catalog into line with this grain's state.</summary>
    [Alias("Reconcile")]
    Task ReconcileAsync(string job);
}
