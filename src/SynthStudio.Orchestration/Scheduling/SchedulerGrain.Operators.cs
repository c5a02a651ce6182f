using Orleans.Runtime.Placement;

namespace SynthStudio.Orchestration;

/// <summary>What operators ask of the scheduler. Stored before it counts.</summary>
public sealed partial class SchedulerGrain : IDisposable
{
    private readonly SemaphoreSlim storing = new(1, 1);

    /// <summary>A write failed, and may have been done all the same.</summary>
    private bool isUnsure;

    public void Dispose() => storing.Dispose();

    public async Task SetCordonAsync(string silo, bool cordoned)
    {
        if (isUnsure) await RereadAsync();
        if (store.State.Cordoned.Contains(silo) == cordoned) return;
        if (cordoned) Require(silo);

        await StoreAsync(state => _ = cordoned ? state.Cordoned.Add(silo) : state.Cordoned.Remove(silo));
        SchedulerLog.CordonChanged(logger, silo, cordoned);
        Pump();
    }

    public async Task DrainAsync(string silo)
    {
        var address = Require(silo).Address;
        await SetCordonAsync(silo, cordoned: true);

        // What is on its way there would come after the silo was told what to hand over, and stay.
        await Task.WhenAll(starting.Where(s => s.Silo.Equals(address)).Select(s => s.Start));
        try
        {
            RequestContext.Set(IPlacementDirector.PlacementHintKey, address);
            await GrainFactory.GetGrain<IComputeGrain>(address.ToParsableString()).HandOverAsync();
        }
        finally
        {
            RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        }
    }

    public async Task SetShareAsync(string project, ProjectShare share)
    {
        if (!(share.Weight > 0) || double.IsInfinity(share.Weight))
            throw new ArgumentOutOfRangeException(nameof(share), share, "A weight is a number greater than 0.");
        if (share.MaxRowsPerDay < 0 || share.MaxStoredBytes < 0 || share.MaxTokensPerMonth < 0 || share.MaxAcceleratorSecondsPerMonth < 0)
            throw new ArgumentOutOfRangeException(nameof(share), share, "A quota is not negative.");
        if (share.MaxRunning < 0 || share.MaxAccelerators < 0)
            throw new ArgumentOutOfRangeException(nameof(share), share, "A number of jobs or accelerators is not negative.");

        var isDefault = share == options.Value.ShareOfNewProject;
        await StoreAsync(state =>
        {
            if (isDefault)
            {
                state.Shares.Remove(project);
            }
            else
            {
                state.Shares[project] = share;
            }
        });
        await ReadAcceleratorTimeAsync();
        Pump();
    }

    public Task<ProjectShare> GetShareAsync(string project) => Task.FromResult(ShareOf(project));

    private ProjectShare ShareOf(string project) => store.State.Shares.GetValueOrDefault(project) ?? options.Value.ShareOfNewProject;

    private ComputeSilo Require(string silo) => roster.Find(silo) ?? throw new WorkNotFoundException(silo);

    /// <summary>
    /// One write at a time. After one that failed memory is as it was before, until the store was read again: before the next
    /// write, or at the next look.
    /// </summary>
    private async Task StoreAsync(Action<SchedulerState> change)
    {
        await storing.WaitAsync();
        try
        {
            if (isUnsure) await ReadAsync();
            var before = store.State;
            store.State = new() { Cordoned = [.. before.Cordoned], Shares = before.Shares.ToDictionary() };
            change(store.State);
            try
            {
                await store.WriteStateAsync();
            }
            catch
            {
                (store.State, isUnsure) = (before, true);
                throw;
            }
        }
        finally
        {
            storing.Release();
        }
    }

    private async Task RereadAsync()
    {
        await storing.WaitAsync();
        try
        {
            await ReadAsync();
        }
        finally
        {
            storing.Release();
        }
    }

    private async Task ReadAsync()
    {
        await store.ReadStateAsync();
        isUnsure = false;
    }
}
