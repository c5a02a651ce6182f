using Microsoft.Extensions.Logging;

namespace SynthStudio.Compute;

/// <summary>
/// Carries one run's updates to their owner, in order, and the owner's wish back. The first update after a quiet moment goes at once, those
/// that come while a report is on its way go together in the next; without any the owner is asked for its wish every few seconds.
/// </summary>
internal sealed class OwnerReporter(
    IWorkOwnerGrain owner, string job, LeaseEpoch epoch, Action<WorkDirective> obey, ComputeOptions options, TimeProvider time, ILogger logger)
{
    private const int MaxBatch = 256;
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(3);

    private readonly Lock gate = new();
    private readonly Queue<WorkUpdate> waiting = [];
    private TaskCompletionSource woken = NewSignal();
    private long sent;

    /// <summary>The wait after the first call that an owner did not answer.</summary>
    public static TimeSpan FirstRetry { get; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The wait after the next one: twice as long, to three seconds.</summary>
    public static TimeSpan NextRetry(TimeSpan wait) => wait * 2 < LastRetry ? wait * 2 : LastRetry;

    public void Add(WorkUpdate update)
    {
        lock (gate)
        {
            waiting.Enqueue(update);
            woken.TrySetResult();
        }
    }

    /// <summary>Asks for the owner's wish now.</summary>
    public void Nudge()
    {
        lock (gate) woken.TrySetResult();
    }

    /// <summary>Reports until the end of the work was reported, or the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var last = 0L;
        while (true)
        {
            await Task.WhenAny(woken.Task, Task.Delay(options.ReportPeriod, time, cancellation));
            cancellation.ThrowIfCancellationRequested();
            if (last != 0 && options.ReportLinger - time.GetElapsedTime(last) is { Ticks: > 0 } linger) await Task.Delay(linger, time, cancellation);

            var batch = TakeBatch();
            var directive = await SendAsync(batch, cancellation);
            last = time.GetTimestamp();
            sent += batch.Count;
            if (batch is [.., var newest] && OutputCollector.IsEnd(newest)) return;
            if (directive != WorkDirective.Continue) obey(directive);
        }
    }

    private async Task<WorkDirective> SendAsync(IReadOnlyList<WorkUpdate> batch, CancellationToken cancellation)
    {
        for (var wait = FirstRetry; ; wait = NextRetry(wait))
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                return await owner.ReportAsync(job, epoch, sent, batch);
            }
            catch (Exception e)
            {
                // The owner may have taken it; it knows repeats by their numbers.
                ComputeLog.ReportFailed(logger, e, job, epoch.Value);
            }

            await Task.Delay(wait, time, cancellation);
        }
    }

    private List<WorkUpdate> TakeBatch()
    {
        lock (gate)
        {
            var batch = new List<WorkUpdate>(Math.Min(waiting.Count, MaxBatch));
            while (batch.Count < MaxBatch && waiting.TryDequeue(out var update)) batch.Add(update);
            if (waiting.Count == 0) woken = NewSignal();
            return batch;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
