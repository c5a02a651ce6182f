using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SynthStudio.Orchestration;

/// <summary>
/// Runs on every control silo, at its start and then every few seconds: lets the scheduler look for lost leases, and brings every job that
/// the catalog believes to be unfinished into line. So a job goes on after any crash without anybody asking for it, and a budget that was reserved for one
/// that never came to be is free again.
/// </summary>
public sealed class Reconciler(
    IGrainFactory grains,
    ICatalogProjector catalog,
    IPrivacyLedger ledger,
    IOptions<OrchestrationOptions> options,
    TimeProvider time,
    ILogger<Reconciler> logger) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private static readonly ParallelOptions Eight = new() { MaxDegreeOfParallelism = 8 };

    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(Reconciler),
        ServiceLifecycleStage.Active + 1,
        _ =>
        {
            running = Task.Run(RunAsync, CancellationToken.None);
            return Task.CompletedTask;
        },
        async cancellation =>
        {
            await stopping.CancelAsync();
            await running.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });

    /// <summary>One round.</summary>
    public async Task ReconcileAsync(CancellationToken cancellation)
    {
        await grains.GetGrain<ISchedulerGrain>(0).SweepAsync();
        var unfinished = await catalog.ListUnfinishedAsync(cancellation);
        await ForEachAsync(unfinished, job => job.Job, job => grains.GetWorkOwner(job.Kind, job.Owner).ReconcileAsync(job.Job));
        await ForEachAsync(await ledger.ListWithStraysAsync(cancellation), g => g, g => grains.GetGrain<IGeneratorGrain>(g).ReleaseStraysAsync());
    }

    public void Dispose() => stopping.Dispose();

    private Task ForEachAsync<T>(IEnumerable<T> all, Func<T, string> name, Func<T, Task> mend) => Parallel.ForEachAsync(all, Eight, async (one, _) =>
    {
        try
        {
            await mend(one);
        }
        catch (Exception e)
        {
            ReconcilerLog.OneFailed(logger, e, name(one));
        }
    });

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(options.Value.ReconcilePeriod, time);
        try
        {
            do
            {
                try
                {
                    await ReconcileAsync(stopping.Token);
                }
                catch (Exception e) when (!stopping.IsCancellationRequested) // Also a grain's call that was cancelled for a reason of its own.
                {
                    ReconcilerLog.RoundFailed(logger, e);
                }
            }
            while (await timer.WaitForNextTickAsync(stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }
}
