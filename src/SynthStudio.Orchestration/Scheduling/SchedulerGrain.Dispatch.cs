using Orleans.Runtime.Placement;

namespace SynthStudio.Orchestration;

/// <summary>Giving out work, and taking it back for work that is more urgent.</summary>
public sealed partial class SchedulerGrain
{
    /// <summary>Starts that silos may not have answered yet.</summary>
    private readonly List<(SiloAddress Silo, Task Start)> starting = [];

    private bool pumping;
    private bool pumpAgain;

    /// <summary>Gives out work beside the request that asks for it: owners and silos call back while it runs.</summary>
    private void Pump()
    {
        pumpAgain = true;
        if (!pumping) _ = PumpAsync();
    }

    private async Task PumpAsync()
    {
        pumping = true;
        try
        {
            while (pumpAgain)
            {
                pumpAgain = false;
                var plan = DispatchPlan.Make(View(roster.Rested));
                if (plan.Assignments.Count > 0) await LeaseAsync(plan.Assignments);
                foreach (var victim in plan.Victims) _ = MakeWayAsync(victim);
            }
        }
        catch (Exception e)
        {
            SchedulerLog.PumpFailed(logger, e);
        }
        finally
        {
            pumping = false;
        }
    }

    /// <summary>Leases all that a plan gives out in one step, then starts it. What the copy of the queue was wrong about is looked at anew.</summary>
    private async Task LeaseAsync(IReadOnlyList<DispatchPlan.Assignment> assignments)
    {
        var duration = options.Value.LeaseDuration;
        var wishes = assignments
            .Select(a => new LeaseWish(a.Item.Job, a.Silo.Address.ToParsableString(), AcceleratorSharing.Uses(a.Silo, a.Item.Requirements)))
            .ToList();
        var epochs = await leases.AcquireAsync(wishes, duration, CancellationToken.None);
        CountUsage();
        for (var i = 0; i < wishes.Count; i++)
        {
            if (epochs[i] is not { } epoch) continue;

            var (item, silo) = assignments[i];
            var leased = item with { Epoch = epoch };
            queue[item.Job] = new(leased, wishes[i].Silo, time.GetUtcNow() + duration);
            starts[item.Job] = clock.Now;
            Touch(item.Job);

            // Cordoned since the plan was made: a drain has told the silo already what to hand over, and would miss this one.
            if (store.State.Cordoned.Contains(silo.Name))
            {
                _ = GiveBackAsync(leased);
                continue;
            }

            QueueMeter.Granted();
            SchedulerLog.Dispatched(logger, item.Job, silo.Name, epoch.Value);
            Start(leased, silo);
        }

        if (epochs.Contains(null)) await ReloadAsync();
    }

    private void Start(WorkItem leased, ComputeSilo silo)
    {
        starting.RemoveAll(s => s.Start.IsCompleted);
        starting.Add((silo.Address, StartAsync(leased, silo)));
    }

    private async Task StartAsync(WorkItem leased, ComputeSilo silo)
    {
        Exception? failure = null;
        try
        {
            RequestContext.Set(IPlacementDirector.PlacementHintKey, silo.Address);
            if (await GrainFactory.GetGrain<IComputeGrain>(silo.Address.ToParsableString()).StartAsync(leased, leased.Epoch)) return;
        }
        catch (Exception e)
        {
            // It may have started all the same: its epoch is old once the job is leased again.
            failure = e;
        }
        finally
        {
            RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        }

        QueueMeter.Refused();
        SchedulerLog.NotTaken(logger, failure, silo.Name, leased.Job, leased.Epoch.Value);
        roster.LetRest(silo.Address);
        await GiveBackAsync(leased);
    }

    /// <summary>No silo has begun with it: it waits again, in its old place.</summary>
    private async Task GiveBackAsync(WorkItem leased)
    {
        try
        {
            if (!await leases.ReleaseAsync(leased.Job, leased.Epoch, CancellationToken.None)) return;

            Forget(leased.Job);
            await EnqueueAsync(leased);
        }
        catch (Exception e)
        {
            // The lease runs out by itself.
            SchedulerLog.PumpFailed(logger, e);
        }
    }

    /// <summary>Asks a training to leave its slot. Asked once: its owner does not forget, and the slot becomes free with the lease.</summary>
    private async Task MakeWayAsync(QueuedWork victim)
    {
        givingWay.Add(victim.Item.Job);
        try
        {
            await GrainFactory.GetWorkOwner(victim.Item.Kind, victim.Item.Owner).GiveWayAsync(victim.Item.Job, victim.Item.Epoch);
            QueueMeter.GaveWay();
            SchedulerLog.GivesWay(logger, victim.Item.Job, victim.Item.Epoch.Value);
        }
        catch (WorkStateException)
        {
            // Its silo has not come for the order yet: the next plan asks again.
            givingWay.Remove(victim.Item.Job);
        }
        catch (Exception e)
        {
            SchedulerLog.OwnerNotTold(logger, e, victim.Item.Job);
            givingWay.Remove(victim.Item.Job);
        }
    }

    private QueueView View(IReadOnlyList<ComputeSilo> silos)
    {
        var (now, steady) = (time.GetUtcNow(), clock.Now);
        var state = store.State;
        return new QueueView
        {
            Queue = queue.Values,
            Silos = silos,
            Now = now,
            Resting = rests.Of(queue.Values),
            Cordoned = state.Cordoned,
            Silent = roster.Silent,
            Sick = roster.Sick,
            ShareOf = ShareOf,
            UsageOf = usage.Of,
            WithoutAcceleratorTime = WithoutAcceleratorTime(),
            AgeingPeriod = options.Value.AgeingPeriod,
            ReserveAfter = options.Value.ReserveAfter,
            GivingWay = givingWay,
            Undisturbed = starts.Where(s => steady - s.Value < options.Value.UndisturbedTime).Select(s => s.Key).ToHashSet(),
        };
    }

    /// <summary>Counts what ran until now; called before what runs changes, which is often: it looks at leased jobs only.</summary>
    private void CountUsage() => usage.Count(starts.Keys.CountBy(job => queue[job].Item.Project).ToDictionary(), clock.Now);
}
