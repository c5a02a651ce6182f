using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SynthStudio.Orchestration;

/// <summary>
/// Runs on every control silo, at its start and then every few seconds: lets the scheduler look for lost leases, and brings every job that
/// the catalog believes to be unfinished into line. So a job goes on after any crash without anybody asking for it.
/// </summary>
public sealed class Reconciler(
    IGrainFactory grains,
    ICatalogProjector catalog,
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
        await Parallel.ForEachAsync(unfinished, Eight, async (job, _) =>
        {
            try
            {
                await grains.GetWorkOwner(job.Kind, job.Owner).ReconcileAsync(job.Job);
            }
            catch (Exception e)
            {
                ReconcilerLog.JobFailed(logger, e, job.Job);
            }
        });
    }

    public void Dispose() => stopping.Dispose();

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
                catch (Exception e) when (e is not OperationCanceledException)
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
