using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SynthStudio.Compute;

/// <summary>
/// The compute part of a silo: runs leases, each in a process of its own, and tells the scheduler every few seconds that it lives and which
/// leases it holds. Starts once the silo is active; when it stops, trainings write a checkpoint and every job goes back into the queue.
/// </summary>
internal sealed class ComputeService(
    RunServices services, Accelerator accelerator, ILocalSiloDetails silo, IOptions<ComputeOptions> options, ILogger<ComputeService> logger)
    : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private static readonly TimeSpan HeartbeatRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastReports = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Dictionary<string, (WorkerRun Run, Task Ending)> runs = [];
    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim beatNow = new(0, 1);
    private Task beating = Task.CompletedTask;
    private Task watching = Task.CompletedTask;
    private bool draining;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(ComputeService), ServiceLifecycleStage.Active + 1, StartAsync, StopAsync);

    /// <summary>Starts a worker for the lease. False when the silo takes no work or has no free slot.</summary>
    public bool TryStart(WorkItem item, LeaseEpoch epoch)
    {
        lock (gate)
        {
            if (draining) return false;
            if (runs.TryGetValue(item.Job, out var known))
            {
                if (known.Run.Epoch >= epoch) return known.Run.Epoch == epoch;
                known.Run.Abandon();
            }

            var others = runs.Values.Select(r => r.Run).Where(r => !r.IsSlotFree && r.Job != item.Job).ToList();
            if (others.Count >= options.Value.Slots || !TryPlace(item, others, out var device)) return false;

            var run = new WorkerRun(item, epoch, device, services, silo.SiloAddress.ToParsableString());
            runs[item.Job] = (run, Task.Run(() => RunAsync(run)));
            return true;
        }
    }

    /// <summary>Makes every training write a checkpoint and wait in the queue again; other jobs go on to their end.</summary>
    public void HandOver()
    {
        lock (gate)
        {
            foreach (var (run, _) in runs.Values.Where(r => r.Run.Kind == WorkKind.Training)) run.ShutDown();
        }
    }

    /// <summary>
    /// Takes nothing new, and makes every job write a checkpoint, or begin anew, and wait in the queue
    /// again; once. The silo may serve for a while yet.
    /// </summary>
    public void BeginLeaving()
    {
        lock (gate)
        {
            if (draining) return;
            draining = true;
            foreach (var (run, _) in runs.Values) run.ShutDown();
        }

        BeatSoon(); // The scheduler hears that nothing new is wanted before the jobs come back into its queue.
    }

    public void Nudge(string job, LeaseEpoch epoch)
    {
        lock (gate)
        {
            if (runs.TryGetValue(job, out var known) && known.Run.Epoch == epoch) known.Run.Nudge();
        }
    }

    public void Dispose()
    {
        stopping.Dispose();
        beatNow.Dispose();
    }

    private async Task RunAsync(WorkerRun run)
    {
        try
        {
            await run.RunAsync();
        }
        finally
        {
            lock (gate)
            {
                if (runs.TryGetValue(run.Job, out var known) && known.Run == run) runs.Remove(run.Job);
            }

            if (run.LeavesModel) BeatSoon();

            run.Dispose();
        }
    }

    private Task StartAsync(CancellationToken cancellation)
    {
        ComputeTelemetry.Show();
        services.Scratch.RemoveDead();
        services.Workers.Prepare();
        beating = Task.Run(BeatAsync, CancellationToken.None);
        watching = Task.Run(WatchAcceleratorAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellation)
    {
        BeginLeaving(); // Begun already where the host has told that it stops (ComputeHandOver).
        Task[] ending;
        lock (gate) ending = [.. runs.Values.Select(r => r.Ending)];
        try
        {
            await Task.WhenAll(ending).WaitAsync(options.Value.ShutdownGrace + LastReports, services.Time, cancellation);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            ComputeLog.LeftRunning(logger, ending.Count(t => !t.IsCompleted));
        }

        await stopping.CancelAsync();
        await Task.WhenAll(beating, watching).WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await services.Workers.DisposeAsync();
    }

    private async Task BeatAsync()
    {
        try
        {
            while (true)
            {
                var pause = await BeatOnceAsync() ? options.Value.HeartbeatPeriod : HeartbeatRetry;
                await beatNow.WaitAsync(pause, stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    /// <summary>Tells the scheduler at once what it can do, once it knows and whenever that changes.</summary>
    private Task WatchAcceleratorAsync() => accelerator.WatchAsync(BeatSoon, stopping.Token);

    private void BeatSoon()
    {
        lock (gate)
        {
            if (beatNow.CurrentCount == 0) beatNow.Release();
        }
    }

    private async Task<bool> BeatOnceAsync()
    {
        try
        {
            var lost = await services.Grains.GetGrain<ISchedulerGrain>(0).HeartbeatAsync(Describe());
            foreach (var lease in lost) Abandon(lease);
            return true;
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            ComputeLog.HeartbeatFailed(logger, e);
            return false;
        }
    }

    private ComputeSilo Describe()
    {
        lock (gate)
        {
            var offer = accelerator.Offer;
            return new ComputeSilo
            {
                Address = silo.SiloAddress,
                Name = silo.Name,
                Accelerator = offer.Kind,
                Accelerators = offer.Count,
                AcceleratorMemoryBytes = offer.MemoryBytes,
                TorchBackend = offer.Backend,
                Slots = options.Value.Slots,
                MemoryBytes = options.Value.MemoryBytes > 0 ? options.Value.MemoryBytes : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
                Leases = [.. runs.Values.Where(r => !r.Run.IsOver).Select(r => new HeldLease(r.Run.Job, r.Run.Epoch))],
                Draining = draining,
                Models = services.Workers.Models,
            };
        }
    }

    /// <summary>Which accelerator the job gets; null for none. False when it needs one and none has room, or what it needs is no longer here.</summary>
    private bool TryPlace(WorkItem item, List<WorkerRun> others, out int? device)
    {
        var silo = Describe();
        device = null;
        if (!silo.CanRun(item.Requirements)) return false;
        if (!AcceleratorSharing.Uses(silo, item.Requirements)) return true;

        device = AcceleratorSharing.Place(
            silo, others.Where(r => r.Device is not null).Select(r => (r.Device!.Value, r.Requirements)), item.Requirements);
        return device is not null;
    }

    private void Abandon(HeldLease lease)
    {
        lock (gate)
        {
            if (runs.TryGetValue(lease.Job, out var known) && known.Run.Epoch == lease.Epoch && !known.Run.IsOver) known.Run.Abandon();
        }
    }
}
