using Microsoft.Extensions.Logging;

namespace SynthStudio.Compute;

/// <summary>Workers that drew rows and stayed with their model loaded: few, small, and not for long.</summary>
internal sealed class KeptWorkers(ComputeOptions options, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly List<(WorkerProcess Worker, ITimer Expiry)> kept = [];
    private bool closed;

    /// <summary>SHA-256 of the packages whose models are loaded.</summary>
    public IReadOnlyList<string> Models
    {
        get
        {
            lock (gate) return [.. kept.Select(k => k.Worker.Model)];
        }
    }

    /// <summary>The worker that has the model loaded, now the caller's; null when there is none.</summary>
    public WorkerProcess? Take(string model)
    {
        lock (gate)
        {
            var at = kept.FindIndex(k => k.Worker.Model == model);
            if (at < 0) return null;

            var (worker, expiry) = kept[at];
            kept.RemoveAt(at);
            expiry.Dispose();
            return worker;
        }
    }

    /// <summary>Keeps a worker that has completed its job; the one that waited longest makes room.</summary>
    /// <returns>False when it is not wanted: the caller ends it.</returns>
    public bool Keep(WorkerProcess worker, string model)
    {
        if (worker.HasExited || worker.ResidentBytes > options.KeptModelMemory) return false;

        WorkerProcess? displaced = null;
        lock (gate)
        {
            if (closed || options.KeptModels <= 0 || kept.Exists(k => k.Worker.Model == model)) return false;

            if (kept.Count >= options.KeptModels)
            {
                kept[0].Expiry.Dispose();
                displaced = kept[0].Worker;
                kept.RemoveAt(0);
            }

            worker.Model = model;
            kept.Add((worker, time.CreateTimer(_ => Expire(worker), null, options.KeptModelTime, Timeout.InfiniteTimeSpan)));
        }

        if (displaced is not null) _ = EndAsync(displaced);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        List<(WorkerProcess Worker, ITimer Expiry)> left;
        lock (gate)
        {
            closed = true;
            left = [.. kept];
            kept.Clear();
        }

        foreach (var (worker, expiry) in left)
        {
            await expiry.DisposeAsync();
            worker.Kill();
            await worker.DisposeAsync();
        }
    }

    private void Expire(WorkerProcess worker)
    {
        lock (gate)
        {
            // It may have been taken while the timer fired.
            if (kept.RemoveAll(k => k.Worker == worker) == 0) return;
        }

        _ = EndAsync(worker);
    }

    private async Task EndAsync(WorkerProcess worker)
    {
        try
        {
            await worker.DisposeAsync();
        }
        catch (Exception e)
        {
            ComputeLog.WorkerNotEnded(logger, e, worker.Id);
        }
    }
}
