using Orleans.Runtime.Placement;

namespace SynthStudio.Orchestration;

/// <summary>Giving out work.</summary>
public sealed partial class SchedulerGrain
{
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
                while (DispatchPlan.Next(queue.Values, roster.Willing, time.GetUtcNow()) is var (work, silo)
                    && await LeaseAsync(work.Item, silo))
                {
                }
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

    /// <summary>False when the copy of the queue was wrong about the job; the next look comes with the watch.</summary>
    private async Task<bool> LeaseAsync(WorkItem item, ComputeSilo silo)
    {
        var holder = silo.Address.ToParsableString();
        var duration = options.Value.LeaseDuration;
        if (await leases.AcquireAsync(item.Job, holder, duration, CancellationToken.None) is not { } epoch)
        {
            await ReloadAsync();
            return false;
        }

        changes++;
        var leased = item with { Epoch = epoch };
        queue[item.Job] = new(leased, holder, time.GetUtcNow() + duration);
        SchedulerLog.Dispatched(logger, item.Job, silo.Name, epoch.Value);
        _ = StartAsync(leased, silo);
        return true;
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

        SchedulerLog.NotTaken(logger, failure, silo.Name, leased.Job, leased.Epoch.Value);
        roster.LetRest(silo.Address);
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
}
