using Orleans.Concurrency;

namespace SynthStudio.Orchestration;

/// <summary>The one queue of the cluster: decides which job runs on which compute silo, by leases. Key: 0.</summary>
[Alias("synthstudio.ISchedulerGrain")]
public interface ISchedulerGrain : IGrainWithIntegerKey
{
    /// <summary>Puts a job into the queue. Repeating it changes nothing.</summary>
    [Alias("Enqueue")]
    Task EnqueueAsync(WorkItem item);

    /// <summary>Takes a job that waits out of the queue. False when it was not waiting (any more).</summary>
    [Alias("Withdraw")]
    Task<bool> WithdrawAsync(string job);

    /// <summary>A compute silo says that it lives, what it offers and which leases it holds. Answers those it must abandon.</summary>
    [Alias("Heartbeat")]
    Task<IReadOnlyList<HeldLease>> HeartbeatAsync(ComputeSilo silo);

    /// <summary>The holder gives the lease back: the job ended or is to be queued anew by its owner.</summary>
    [Alias("Release")]
    Task ReleaseAsync(string job, LeaseEpoch epoch);

    /// <summary>Looks for work that waits and leases that expired; called by the reconciler.</summary>
    [Alias("Sweep")]
    Task SweepAsync();

    /// <summary>Why a job waits; null when it does not.</summary>
    [Alias("Explain"), AlwaysInterleave]
    Task<QueueStanding?> ExplainAsync(string job);

    /// <summary>
    /// Lets a silo take no new work, or take it again. Kept by the silo's name until it is undone, through restarts of the
    /// silo and of the cluster.
    /// </summary>
    /// <exception cref="WorkNotFoundException">No silo of that name reports for work, and none is cordoned.</exception>
    [Alias("SetCordon")]
    Task SetCordonAsync(string silo, bool cordoned);

    /// <summary>Cordons a silo and moves its trainings, from a checkpoint, to others; its other jobs end where they are.</summary>
    /// <exception cref="WorkNotFoundException">No silo of that name reports for work.</exception>
    [Alias("Drain")]
    Task DrainAsync(string silo);

    /// <summary>Sets what a project may have of the cluster; the default share forgets it.</summary>
    [Alias("SetShare")]
    Task SetShareAsync(string project, ProjectShare share);

    /// <summary>What a project may have of the cluster.</summary>
    [Alias("GetShare"), AlwaysInterleave]
    Task<ProjectShare> GetShareAsync(string project);

    /// <summary>Silos and leases as the scheduler sees them.</summary>
    [Alias("GetCluster"), AlwaysInterleave]
    Task<ClusterSnapshot> GetClusterAsync();
}
