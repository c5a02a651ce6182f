namespace SynthStudio.Orchestration;

/// <summary>The durable queue and its leases. Every write is conditional on the epoch; time is the store's own.</summary>
public interface ILeaseStore
{
    /// <summary>
    /// Adds the job, waiting. One that waits already takes over priority, requirements and <see cref="WorkItem.NotBefore"/>, and the greater
    /// epoch; one whose lease expired waits again; a live lease is left alone. Repeating it changes nothing.
    /// </summary>
    Task EnqueueAsync(WorkItem item, CancellationToken cancellation);

    /// <summary>Everything in the queue, waiting and leased.</summary>
    Task<IReadOnlyList<QueuedWork>> ListAsync(CancellationToken cancellation);

    /// <summary>How many jobs of a project wait; those of other projects, and those that are leased, do not count.</summary>
    /// <param name="project">The project.</param>
    /// <param name="most">Where to stop counting.</param>
    /// <param name="cancellation">Stops the call.</param>
    Task<int> CountWaitingAsync(string project, int most, CancellationToken cancellation);

    /// <summary>Gives waiting jobs to silos, each under its next epoch, all in one durable step.</summary>
    /// <returns>As many epochs, in the same order; null for a job that does not wait (any more).</returns>
    Task<IReadOnlyList<LeaseEpoch?>> AcquireAsync(IReadOnlyList<LeaseWish> wishes, TimeSpan duration, CancellationToken cancellation);

    /// <summary>Extends the leases of a silo; answers those that are no longer its own.</summary>
    Task<IReadOnlyList<HeldLease>> RenewAsync(string silo, IReadOnlyList<HeldLease> leases, TimeSpan duration, CancellationToken cancellation);

    /// <summary>Removes the job from the queue if it is leased under this epoch; false when it waits or has another.</summary>
    Task<bool> ReleaseAsync(string job, LeaseEpoch epoch, CancellationToken cancellation);

    /// <summary>Removes a waiting job; false when it does not wait.</summary>
    Task<bool> WithdrawAsync(string job, CancellationToken cancellation);

    /// <summary>
    /// Ends every lease that is held by one of <paramref name="deadSilos"/>, and those that expired by the store's clock where
    /// <paramref name="overdue"/> says so, and answers them as they were. Their jobs stay in the queue and wait again, under the epoch they had.
    /// </summary>
    Task<IReadOnlyList<QueuedWork>> ExpireAsync(IReadOnlyCollection<string> deadSilos, bool overdue, CancellationToken cancellation);

    /// <summary>
    /// By project, for how long its leases had an accelerator: those that ended in the month, however they ended, and those that are held now.
    /// A lease counts whole, in the month in which it ends; its end and its time are noted in one durable step.
    /// </summary>
    /// <param name="month">Its first moment, UTC.</param>
    /// <param name="cancellation">Stops the call.</param>
    Task<IReadOnlyDictionary<string, TimeSpan>> AcceleratorTimeAsync(DateTimeOffset month, CancellationToken cancellation);

    /// <summary>What the store's clock says, which is one for all silos.</summary>
    Task<DateTimeOffset> GetTimeAsync(CancellationToken cancellation);
}

/// <summary>A waiting job that a silo is to hold.</summary>
/// <param name="Job">The job.</param>
/// <param name="Silo">The silo.</param>
/// <param name="OnAccelerator">Whether it takes an accelerator there, or a part of one.</param>
public readonly record struct LeaseWish(string Job, string Silo, bool OnAccelerator = false);

/// <summary>Single leases.</summary>
public static class LeaseStoreExtensions
{
    /// <summary>Gives the waiting job to a silo under the next epoch; null when it does not wait (any more).</summary>
    public static async Task<LeaseEpoch?> AcquireAsync(this ILeaseStore store, string job, string silo, TimeSpan duration, CancellationToken cancellation) =>
        (await store.AcquireAsync([new(job, silo)], duration, cancellation))[0];
}

/// <summary>A job in the durable queue.</summary>
/// <param name="Item">The job, with its newest epoch.</param>
/// <param name="Holder">The silo that holds the lease; null when it waits.</param>
/// <param name="ExpireTime">When the lease ends; null when it waits.</param>
public sealed record QueuedWork(WorkItem Item, string? Holder, DateTimeOffset? ExpireTime)
{
    /// <summary>For how long, by the store's clock, the lease has had an accelerator; 0 where it takes none.</summary>
    public TimeSpan OnAccelerator { get; init; }
}
