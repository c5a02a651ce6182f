using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace SynthStudio.Orchestration;

/// <summary>
/// The queue of the cluster. The lease store is the truth and every write to it is conditional; what is kept here is its copy, read anew
/// at each sweep. Reentrant: requests only touch store and copy, giving out work runs beside them, one at a time.
/// </summary>
[GrainType("synthstudio.scheduler"), OnControlSilo, Reentrant]
public sealed partial class SchedulerGrain(
    ILeaseStore leases,
    ISiloStatusOracle cluster,
    IOptions<OrchestrationOptions> options,
    TimeProvider time,
    [PersistentState("scheduler", OrchestrationOptions.StorageName)] IPersistentState<SchedulerState> store,
    ILogger<SchedulerGrain> logger) : Grain, ISchedulerGrain
{
    private readonly Dictionary<string, QueuedWork> queue = [];
    private readonly Dictionary<string, DateTimeOffset> starts = [];
    private readonly HashSet<string> givingWay = [];
    private readonly SteadyClock clock = new(time);
    private readonly Rests rests = new(time);
    private readonly ProjectUsage usage = new(options.Value.UsageHalfLife);
    private readonly SiloRoster roster = new(time, options.Value.HeartbeatPatience);
    private readonly RenewalWindow renewals = new(time, options.Value.LeaseDuration, options.Value.WatchPeriod);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await SweepAsync();
        this.RegisterGrainTimer(
            WatchAsync,
            new GrainTimerCreationOptions(options.Value.WatchPeriod, options.Value.WatchPeriod) { KeepAlive = true, Interleave = true });
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        QueueMeter.Show(null);
        return Task.CompletedTask;
    }

    public async Task EnqueueAsync(WorkItem item)
    {
        if (item.SiloAtFault && roster.Blame(item.FailedOn, item.Job, item.Epoch) is { } sick) SchedulerLog.SiloRests(logger, sick.Name, item.Job);
        if (queue.TryGetValue(item.Job, out var known))
        {
            queue[item.Job] = known with { Item = WithHints(known.Item, item) };

            // Reconcilers say so of every job every few seconds: neither the store nor a plan has anything new to learn. A row that the
            // store lost is missed at the next reload.
            if (known.Holder is null && SaysTheSame(known.Item, item)) return;

            // The store would end a lease that is overdue.
            if (!renewals.IsWhole && known.Holder is { } holder && IsAlive(SiloAddress.FromParsableString(holder))) return;
        }

        await leases.EnqueueAsync(item, CancellationToken.None);
        PutWaiting(item);
        Pump();
    }

    public async Task<bool> WithdrawAsync(string job)
    {
        var withdrawn = await leases.WithdrawAsync(job, CancellationToken.None);

        // What waits only here was withdrawn before, and the answer was lost: enqueued again it is new.
        if (withdrawn || queue.GetValueOrDefault(job) is { Holder: null }) Forget(job);
        return withdrawn;
    }

    public async Task<IReadOnlyList<HeldLease>> HeartbeatAsync(ComputeSilo silo)
    {
        if (roster.All.All(s => s.Address != silo.Address)) SchedulerLog.SiloJoined(logger, silo.Name, silo.Accelerator, silo.Slots);
        roster.Hear(silo);
        var lost = silo.Leases.Count == 0 ? [] : await RenewAsync(silo);
        Pump();
        return lost;
    }

    public async Task ReleaseAsync(string job, LeaseEpoch epoch)
    {
        var holder = queue.GetValueOrDefault(job) is { Holder: { } silo } known && known.Item.Epoch == epoch ? silo : "";
        var released = await leases.ReleaseAsync(job, epoch, CancellationToken.None);
        if (released) roster.Ended(holder, job, epoch);

        // What is held only here was given back before, and the answer was lost: its slot is free.
        if (released || (queue.GetValueOrDefault(job) is { Holder: not null } held && held.Item.Epoch == epoch)) Forget(job);
        Pump();
    }

    public async Task SweepAsync()
    {
        roster.Keep(IsAlive);
        await ReloadAsync();
        var dead = queue.Values.Select(w => w.Holder).OfType<string>().Distinct().Where(h => !IsAlive(SiloAddress.FromParsableString(h))).ToList();
        var ended = await leases.ExpireAsync(dead, renewals.IsWhole, CancellationToken.None);
        foreach (var work in ended)
        {
            QueueMeter.Lost();
            SchedulerLog.LeaseEnded(logger, work.Item.Job, work.Item.Epoch.Value, work.Holder ?? "");
            LetWait(work);
            _ = TellOwnerAsync(work);
        }

        await ReadAcceleratorTimeAsync();
        Pump();
    }

    // A silo that just turned work down is asked again within a second: what waits for it alone is about to start.
    public Task<QueueStanding?> ExplainAsync(string job) =>
        Task.FromResult(DispatchPlan.Explain(job, View(roster.All)));

    public Task<ClusterSnapshot> GetClusterAsync()
    {
        var leased = queue.Values.Count(w => w.Holder is not null);
        return Task.FromResult(new ClusterSnapshot(
            roster.All, queue.Count - leased, leased, [.. store.State.Cordoned.Order(StringComparer.Ordinal)], store.State.Shares.ToDictionary())
        {
            Avoided = [.. roster.Silent.Union(roster.Sick)],
        });
    }

    /// <summary>Between sweeps: a silo that left the cluster loses its leases at once, and what has backed off long enough starts.</summary>
    private async Task WatchAsync()
    {
        renewals.Look();
        roster.Keep(IsAlive);
        CountUsage();
        QueueMeter.Show(QueueFigures.Of(View(roster.All)));
        if (queue.Values.Any(w => w.Holder is { } holder && !IsAlive(SiloAddress.FromParsableString(holder))))
        {
            await SweepAsync();
        }
        else
        {
            Pump();
        }

        if (isUnsure) await RereadAsync();
    }

    private async Task<IReadOnlyList<HeldLease>> RenewAsync(ComputeSilo silo)
    {
        try
        {
            return await leases.RenewAsync(silo.Address.ToParsableString(), silo.Leases, options.Value.LeaseDuration, CancellationToken.None);
        }
        catch
        {
            renewals.Restart();
            throw;
        }
    }

    private bool IsAlive(SiloAddress silo) => cluster.GetApproximateSiloStatus(silo) is SiloStatus.Active or SiloStatus.Joining or SiloStatus.ShuttingDown;

    private async Task TellOwnerAsync(QueuedWork work)
    {
        try
        {
            var owner = GrainFactory.GetWorkOwner(work.Item.Kind, work.Item.Owner);
            await owner.LeaseLostAsync(work.Item.Job, work.Item.Epoch, "its silo is gone or was silent");
        }
        catch (Exception e)
        {
            SchedulerLog.OwnerNotTold(logger, e, work.Item.Job);
        }
    }
}
