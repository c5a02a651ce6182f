using System.Globalization;

namespace SynthStudio.Orchestration;

/// <summary>What the holder of the lease reports.</summary>
public static partial class WorkMachine
{
    /// <summary>Checkpoints that are kept: the newest, and the one before it in case that one is damaged.</summary>
    private const int KeptCheckpoints = 2;

    private static Decision<WorkRecord> Apply(WorkRecord work, WorkUpdate update, DateTimeOffset now) => update switch
    {
        WorkCompleted completed => work.State == WorkState.Cancelling
            ? End(work, WorkState.Cancelled, now, "Cancelled")
            : End(work, WorkState.Succeeded, now, "Done", result: completed.Result),
        WorkCancelled => work.State == WorkState.Cancelling
            ? End(work, WorkState.Cancelled, now, "Cancelled")
            : Fail(work, new(WorkErrorClass.Internal, "STOPPED_UNASKED", "The worker says it was cancelled, and nobody asked for it."), now),
        WorkPaused => LeaveWithCheckpoint(work, now),
        WorkFailed failed => Fail(work, failed.Error, now),
        WorkStarted started => work.State == WorkState.Starting
            ? Begin(work with { Device = started.Device }, $"Runs on {started.Device}")
            : Repeat(work),
        WorkCheckpointLost lost => DropCheckpoint(work, lost),
        _ => Go(work, update),
    };

    /// <summary>Updates in the middle of the work.</summary>
    private static Decision<WorkRecord> Go(WorkRecord work, WorkUpdate update)
    {
        var running = work.State == WorkState.Starting ? work with { State = WorkState.Running } : work;
        return update switch
        {
            WorkProgressed progress => Accept(running, Tell(running, "") with { Progress = progress }),
            WorkSpent => ReferenceEquals(running, work) ? Accept(work) : Accept(running, Tell(running, "")), // The generator's accountant takes it.
            WorkLogged log => Accept(running, Tell(running, log.Message)),
            WorkCheckpointed { Checkpoint: var checkpoint } => checkpoint == running.Checkpoint
                ? Repeat(work)
                : Keep(
                    running with { Checkpoints = [checkpoint, .. running.Checkpoints.Take(KeptCheckpoints - 1)] },
                    string.Create(CultureInfo.InvariantCulture, $"Checkpoint at step {checkpoint.Step}"),
                    further: checkpoint.Step > (running.Checkpoint?.Step ?? -1)),
            WorkPartStored { Part: var part } => running.Parts.Any(p => p.Number == part.Number)
                ? Repeat(work)
                : Keep(running with { Parts = [.. running.Parts, part] }, "", further: true, part),
            _ => throw new ArgumentOutOfRangeException(nameof(update), update, "There is no such update."),
        };
    }

    private static Decision<WorkRecord> Begin(WorkRecord work, string message)
    {
        var running = work with { State = WorkState.Running };
        return Accept(running, Tell(running, message), new ProjectWork());
    }

    private static Decision<WorkRecord> DropCheckpoint(WorkRecord work, WorkCheckpointLost lost)
    {
        if (!work.Checkpoints.Contains(lost.Checkpoint)) return Repeat(work);

        var left = work with { Checkpoints = [.. work.Checkpoints.Where(c => c != lost.Checkpoint)] };
        var then = left.Checkpoint is { } older
            ? string.Create(CultureInfo.InvariantCulture, $"goes on from the one at step {older.Step}")
            : "starts anew";
        return Accept(left, Tell(left, string.Create(CultureInfo.InvariantCulture, $"The checkpoint at step {lost.Checkpoint.Step} {lost.Reason}: {then}")));
    }

    /// <summary>Durable progress; where it goes further than before, what went wrong until then is forgiven.</summary>
    private static Decision<WorkRecord> Keep(WorkRecord work, string message, bool further, PartRef? part = null)
    {
        var kept = further ? work with { Losses = 0, Failures = 0, Outages = 0 } : work;
        return Accept(kept, Tell(kept, message) with { Part = part });
    }

    /// <summary>The worker left after a checkpoint: because it was asked to, or because its silo shuts down.</summary>
    private static Decision<WorkRecord> LeaveWithCheckpoint(WorkRecord work, DateTimeOffset now)
    {
        if (work.State == WorkState.Cancelling) return End(work, WorkState.Cancelled, now, "Cancelled");
        if (work.State == WorkState.Pausing) return Park(work, "Paused", new ReleaseLease(work.Epoch));
        return work.GivesWay ? GoBehind(work, now) : Requeue(work, "Queued again: its silo shuts down or is drained", now);
    }

    private static Decision<WorkRecord> Fail(WorkRecord work, WorkError error, DateTimeOffset now)
    {
        if (work.State == WorkState.Cancelling) return End(work, WorkState.Cancelled, now, "Cancelled");

        var most = RetryPolicy.MostOutages(error);
        var failed = most is null ? work with { Failures = work.Failures + 1 } : work with { Outages = work.Outages + 1 };
        var wait = most is null
            ? RetryPolicy.DelayAfter(error.Class, failed.Failures)
            : failed.Outages > most ? null : RetryPolicy.DelayAfterOutage(failed.Outages);
        if (wait is not { } delay)
        {
            return End(failed, WorkState.Failed, now, error.Message, error);
        }

        failed = failed with { Error = error, SiloAtFault = RetryPolicy.IsOfSilo(error, hasBegun: work.State != WorkState.Starting) };
        return work.State == WorkState.Pausing
            ? Park(failed, $"Paused after a failure: {error.Message}", new ReleaseLease(work.Epoch))
            : Requeue(
                failed with { NotBefore = now + delay },
                string.Create(CultureInfo.InvariantCulture, $"Tries again in {delay.TotalSeconds:0} s: {error.Message}"),
                now,
                error);
    }

    private static Decision<WorkRecord> Requeue(WorkRecord work, string message, DateTimeOffset now, WorkError? error = null)
    {
        var queued = work with { State = WorkState.Queued, QueuedTime = now };
        return Accept(queued, Tell(queued, message) with { Error = error }, new ReleaseLease(work.Epoch), new EnqueueWork(), new ProjectWork());
    }
}
