using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SynthStudio.Compute;

/// <summary>
/// Worker processes for jobs: one that has the job's model loaded, else the one that was started ahead, if it is still there, else a new one.
/// </summary>
internal sealed class WarmWorkers(IOptions<ComputeOptions> options, TimeProvider time, ILogger<WarmWorkers> logger) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly KeptWorkers kept = new(options.Value, time, logger);
    private WorkerProcess? warm;
    private bool closed;

    /// <summary>SHA-256 of the packages whose models are loaded in workers that wait.</summary>
    public IReadOnlyList<string> Models => kept.Models;

    /// <inheritdoc cref="KeptWorkers.Keep"/>
    public bool Keep(WorkerProcess worker, string model) => kept.Keep(worker, model);

    /// <summary>A process of the caller's own, waiting for its order.</summary>
    /// <param name="model">SHA-256 of the package the job draws from; empty for another kind of job.</param>
    /// <param name="device">The only accelerator it may see, which is decided when a process starts; null for all of them.</param>
    public async Task<WorkerProcess> TakeAsync(string model, int? device)
    {
        if (device is not null) return WorkerProcess.Start(options.Value, device);
        if (model.Length > 0 && kept.Take(model) is { } loaded) return loaded;

        WorkerProcess? taken;
        lock (gate)
        {
            taken = warm;
            warm = null;
        }

        if (taken is { HasExited: true })
        {
            ComputeLog.WarmWorkerLeft(logger, taken.Id, await taken.DescribeExitAsync());
            await taken.DisposeAsync();
            taken = null;
        }

        taken ??= WorkerProcess.Start(options.Value);
        _ = PrepareLaterAsync();
        return taken;
    }

    /// <summary>Starts a worker ahead, when there is none and that is wished.</summary>
    public void Prepare()
    {
        if (!options.Value.WarmWorker) return;

        lock (gate)
        {
            if (closed || warm is not null) return;

            try
            {
                warm = WorkerProcess.Start(options.Value);
            }
            catch (Exception e)
            {
                // The job that needs it gets the same error, and says so.
                ComputeLog.NoWarmWorker(logger, e);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await kept.DisposeAsync();
        WorkerProcess? left;
        lock (gate)
        {
            closed = true;
            left = warm;
            warm = null;
        }

        if (left is not null)
        {
            left.Kill();
            await left.DisposeAsync();
        }
    }

    private async Task PrepareLaterAsync()
    {
        await Task.Delay(options.Value.WarmDelay, time);
        Prepare();
    }
}
