namespace SynthStudio.Orchestration;

/// <summary>
/// The progress log of one job as its owner sees it: appends durably first, then shows the events to readers, the newest
/// from memory. Used on the grain's scheduler only; readers may wait in between.
/// </summary>
public sealed class ProgressJournal
{
    /// <summary>Events at most in one answer.</summary>
    public const int MaxBatch = 500;

    private readonly string job;
    private readonly IProgressLog log;
    private readonly TimeProvider time;
    private readonly EventRing ring = new();
    private TaskCompletionSource changed = NewSignal();
    private bool isClosed;

    private ProgressJournal(string job, IProgressLog log, TimeProvider time, ProgressPosition position)
    {
        this.job = job;
        this.log = log;
        this.time = time;
        Position = position;
        Stored = position.Sequence;
    }

    /// <summary>After the newest event that has a number, stored or not.</summary>
    public ProgressPosition Position { get; private set; }

    /// <summary>Sequence of the newest stored event.</summary>
    public long Stored { get; private set; }

    /// <summary>The update that told the newest event when the log was opened; null when none did.</summary>
    public UpdateNumber? LastUpdate { get; private init; }

    /// <summary>Opens the log where it ends: what is stored there is the truth.</summary>
    public static async Task<ProgressJournal> OpenAsync(string job, WorkKind kind, IProgressLog log, TimeProvider time, CancellationToken cancellation)
    {
        var last = await log.LastSequenceAsync(job, cancellation);
        var events = last == 0 ? [] : await log.ReadAsync(job, last - 1, 1, cancellation);
        return events.Count == 0
            ? new(job, log, time, ProgressPosition.Start(kind))
            : new(job, log, time, ProgressPosition.After(kind, events[^1])) { LastUpdate = events[^1].Update };
    }

    /// <summary>
    /// Stores numbered events that their owner's state stands behind, as far as the log lacks them. An activation that is replaced may have used their numbers
    /// for progress that no state stands behind: then they get the next ones, or a change would never be told.
    /// </summary>
    public async Task CatchUpAsync(IReadOnlyList<ProgressEvent> pending, CancellationToken cancellation)
    {
        if (pending.Count == 0) return;

        var last = Stored;
        IReadOnlyList<ProgressEvent> stored = pending[0].Sequence > last
            ? []
            : await log.ReadAsync(job, pending[0].Sequence - 1, MaxBatch + pending.Count, cancellation);
        var missing = new List<ProgressEvent>();
        foreach (var one in pending.Where(p => !stored.Any(s => IsSame(s, p))))
        {
            last = Math.Max(one.Sequence, last + 1);
            missing.Add(one with { Sequence = last, Time = one.Time > Position.Time ? one.Time : Position.Time });
        }

        await AppendAsync(missing, cancellation);
    }

    /// <summary>Gives the next numbers to events; they are not stored yet.</summary>
    public IReadOnlyList<ProgressEvent> Number(IEnumerable<AppendEvent> told, DateTimeOffset now)
    {
        var events = new List<ProgressEvent>();
        foreach (var one in told)
        {
            (Position, var numbered) = Position.Next(one, now);
            events.Add(numbered);
        }

        return events;
    }

    /// <summary>Takes back the numbers after <paramref name="position"/>, when their events could not be stored.</summary>
    public void Rewind(ProgressPosition position) => Position = position;

    /// <summary>Stores numbered events, then shows them. Those that are stored already are skipped.</summary>
    public async Task AppendAsync(IReadOnlyList<ProgressEvent> events, CancellationToken cancellation)
    {
        IReadOnlyList<ProgressEvent> fresh = [.. events.Where(e => e.Sequence > Stored)];
        if (fresh.Count == 0) return;

        await log.AppendAsync(job, fresh, cancellation);
        Stored = fresh[^1].Sequence;
        if (Position.Sequence < Stored) Position = ProgressPosition.After(Position.Kind, fresh[^1]);
        ring.Add(fresh);
        WakeReaders();
    }

    /// <summary>Lets waiting readers look again: an event came, or the job ended.</summary>
    public void WakeReaders()
    {
        var woken = changed;
        changed = NewSignal();
        woken.SetResult();
    }

    /// <summary>Lets go those who wait, with nothing: their activation leaves when they have, and they find another one.</summary>
    public void Close()
    {
        isClosed = true;
        WakeReaders();
    }

    /// <summary>
    /// Stored events after <paramref name="after"/>; waits up to <paramref name="patience"/>, or until <paramref name="leave"/>, for the
    /// first unless <paramref name="hasEnded"/>.
    /// </summary>
    public async Task<ProgressBatch> ReadAsync(long after, TimeSpan patience, Func<bool> hasEnded, CancellationToken leave = default)
    {
        var started = time.GetTimestamp();
        while (Stored <= after && !hasEnded())
        {
            var rest = isClosed ? TimeSpan.Zero : patience - time.GetElapsedTime(started);
            if (rest <= TimeSpan.Zero) return new([], false);

            try
            {
                await changed.Task.WaitAsync(rest, time, leave);
            }
            catch (Exception e) when (e is TimeoutException or OperationCanceledException)
            {
                return new([], false);
            }
        }

        var events = ring.Read(after, MaxBatch) ?? await log.ReadAsync(job, after, MaxBatch, CancellationToken.None);
        var last = events.Count == 0 ? after : events[^1].Sequence;
        return new(events, hasEnded() && last >= Stored);
    }

    /// <summary>Whether two events tell the same. What no state stands behind always comes from a worker.</summary>
    private static bool IsSame(ProgressEvent one, ProgressEvent other) =>
        one.Update == other.Update && (one.Update is not null || (one.State, one.Attempt, one.Message) == (other.State, other.Attempt, other.Message));

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
