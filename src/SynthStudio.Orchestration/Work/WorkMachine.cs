namespace SynthStudio.Orchestration;

/// <summary>
/// The life of one leased piece of work, as a pure function of state, command and time:
/// <c>QUEUED -> STARTING -> RUNNING -> PAUSING -> PAUSED -> QUEUED</c>, from anywhere <c>CANCELLING -> CANCELLED</c>, and
/// <c>SUCCEEDED</c>, <c>FAILED</c>. Ended states are final; the epoch never goes back; what a stale lease says changes nothing.
/// </summary>
public static partial class WorkMachine
{
    /// <summary>The first state of a new piece of work.</summary>
    public static Decision<WorkRecord> Submit(WorkRecord work)
    {
        var queued = work with { State = WorkState.Queued, EnqueueTime = work.CreateTime, QueuedTime = work.CreateTime };
        return Accept(queued, Tell(queued, "Queued"), new EnqueueWork(), new ProjectWork());
    }

    /// <summary>Decides on a command.</summary>
    public static Decision<WorkRecord> Decide(WorkRecord work, WorkCommand command, DateTimeOffset now) => command switch
    {
        TakeOrder take => Take(work, take, now),
        ApplyUpdate(var epoch, var update) => Holds(work, epoch) ? Apply(work, update, now) : Stale(work),
        LoseLease lose => Holds(work, lose.Epoch) ? Lose(work, lose.Reason, now) : Stale(work),
        GiveWay(var epoch) => Holds(work, epoch) ? LetGiveWay(work) : Stale(work),
        CheckLimits(var defaults) => EnforceLimits(work, work.Limits.Or(defaults), now),
        CancelWork => Cancel(work, now),
        PauseWork => Pause(work),
        ResumeWork => Resume(work, now),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "There is no such command."),
    };

    /// <summary>Whether the lease <paramref name="epoch"/> may work on it.</summary>
    public static bool Holds(WorkRecord work, LeaseEpoch epoch) => work.IsLeased && work.Epoch == epoch;

    /// <summary>What the holder of lease <paramref name="epoch"/> is to do.</summary>
    public static WorkDirective DirectiveFor(WorkRecord work, LeaseEpoch epoch) => !Holds(work, epoch)
        ? WorkDirective.Abandon
        : work.State switch
        {
            WorkState.Cancelling => WorkDirective.Cancel,
            WorkState.Pausing => WorkDirective.Pause,
            _ when work.GivesWay => WorkDirective.Pause,
            _ => WorkDirective.Continue,
        };

    private static Decision<WorkRecord> Take(WorkRecord work, TakeOrder take, DateTimeOffset now)
    {
        if (work.HasEnded || take.Epoch < work.Epoch) return Stale(work);
        if (take.Epoch == work.Epoch) return work.IsLeased && work.Silo == take.Silo ? Repeat(work) : Stale(work);

        // A newer lease than the one that is known here: that one was lost, whether anybody said so or not.
        var before = work.IsLeased ? Lose(work, "Its silo was replaced", now) : Accept(work);
        var effects = before.Effects.Where(e => e is not EnqueueWork);
        if (before.Record.State != WorkState.Queued)
        {
            // Not to be worked on; the epoch is remembered, so that the next lease gets a greater one.
            return new(before.Record with { Epoch = take.Epoch }, Verdict.Refused, [.. effects, new ReleaseLease(take.Epoch)]);
        }

        var started = before.Record with
        {
            State = WorkState.Starting,
            Attempt = work.Attempt + 1,
            Epoch = take.Epoch,
            NextUpdate = 0,
            Silo = take.Silo,
            NotBefore = null,
            Error = null,
            StartTime = work.StartTime ?? now,
            AttemptTime = now,
            GivesWay = false,
            SiloAtFault = false,
        };
        return new(started, Verdict.Accepted, [.. effects, Tell(started, "Starting"), new ProjectWork()]);
    }

    private static Decision<WorkRecord> Lose(WorkRecord work, string reason, DateTimeOffset now)
    {
        if (work.State == WorkState.Cancelling) return End(work, WorkState.Cancelled, now, "Cancelled; its silo was lost");

        var lost = work with { Losses = work.Losses + 1 };
        if (lost.Losses >= RetryPolicy.MaxLosses)
        {
            var error = new WorkError(
                WorkErrorClass.Resource,
                "WORKER_LOST",
                $"The silo that worked on it was lost {lost.Losses} times in a row without progress, last: {reason}.");
            return End(lost, WorkState.Failed, now, error.Message, error);
        }

        if (work.State == WorkState.Pausing) return Park(lost, "Paused; its silo was lost", new WithdrawWork());

        var queued = lost with { State = WorkState.Queued, QueuedTime = now };
        return Accept(queued, Tell(queued, $"Queued again: {reason}"), new EnqueueWork(), new ProjectWork());
    }

    private static Decision<WorkRecord> Cancel(WorkRecord work, DateTimeOffset now)
    {
        if (work.HasEnded || work.State == WorkState.Cancelling) return Repeat(work);
        if (!work.IsLeased) return End(work, WorkState.Cancelled, now, "Cancelled");

        var cancelling = work with { State = WorkState.Cancelling };
        return Accept(cancelling, Tell(cancelling, "Cancelling"), new NudgeWorker(work.Silo, work.Epoch), new ProjectWork());
    }

    private static Decision<WorkRecord> Pause(WorkRecord work)
    {
        if (work.State is WorkState.Pausing or WorkState.Paused) return Repeat(work);
        if (work.Kind != WorkKind.Training || work.HasEnded || work.State == WorkState.Cancelling) return Refuse(work);
        if (work.State == WorkState.Queued) return Park(work, "Paused", new WithdrawWork());

        var pausing = work with { State = WorkState.Pausing };
        return Accept(pausing, Tell(pausing, "Pausing"), new NudgeWorker(work.Silo, work.Epoch), new ProjectWork());
    }

    private static Decision<WorkRecord> Resume(WorkRecord work, DateTimeOffset now)
    {
        if (work.State is WorkState.Queued or WorkState.Starting or WorkState.Running) return Repeat(work);
        if (work.State != WorkState.Paused) return Refuse(work);

        var queued = work with { State = WorkState.Queued, EnqueueTime = now, QueuedTime = now, NotBefore = null };
        return Accept(queued, Tell(queued, "Queued again"), new EnqueueWork(), new ProjectWork());
    }

    /// <summary>Ends in <see cref="WorkState.Paused"/>.</summary>
    private static Decision<WorkRecord> Park(WorkRecord work, string message, params ReadOnlySpan<WorkEffect> queue)
    {
        var paused = work with { State = WorkState.Paused, NotBefore = null };
        return Accept(paused, [Tell(paused, message), .. queue, new ProjectWork()]);
    }

    private static Decision<WorkRecord> End(
        WorkRecord work, WorkState state, DateTimeOffset now, string message, WorkError? error = null, WorkResult? result = null)
    {
        var ended = work with { State = state, EndTime = now, NotBefore = null, Error = error, Result = result };
        var told = Tell(ended, message) with { Error = error };
        WorkEffect dequeue = work.IsLeased ? new ReleaseLease(work.Epoch) : new WithdrawWork();

        // A lease that was lost waits in the queue again under the same epoch: both are asked, at most one finds something.
        return Accept(ended, told, dequeue, new WithdrawWork(), new ProjectWork());
    }

    private static AppendEvent Tell(WorkRecord work, string message) => new(work.State, work.Attempt, message);

    private static Decision<WorkRecord> Accept(WorkRecord work, params WorkEffect[] effects) => new(work, Verdict.Accepted, effects);

    private static Decision<WorkRecord> Repeat(WorkRecord work) => new(work, Verdict.Repeated, []);

    private static Decision<WorkRecord> Stale(WorkRecord work) => new(work, Verdict.Stale, []);

    private static Decision<WorkRecord> Refuse(WorkRecord work) => new(work, Verdict.Refused, []);
}
