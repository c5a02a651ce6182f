using System.Globalization;

namespace SynthStudio.Orchestration;

/// <summary>What the scheduler and the clock ask for.</summary>
public static partial class WorkMachine
{
    private static Decision<WorkRecord> LetGiveWay(WorkRecord work)
    {
        if (work.GivesWay) return Repeat(work);
        if (work.Kind != WorkKind.Training || work.State is not (WorkState.Starting or WorkState.Running)) return Refuse(work);

        var leaving = work with { GivesWay = true };
        return Accept(leaving, Tell(leaving, "Gives way to more urgent work"), new NudgeWorker(work.Silo, work.Epoch));
    }

    /// <summary>The worker left after a checkpoint, as asked; the work goes to the end of its line.</summary>
    private static Decision<WorkRecord> GoBehind(WorkRecord work, DateTimeOffset now) =>
        Requeue(work with { GivesWay = false, EnqueueTime = now }, "Queued again: more urgent work took its place", now);

    private static Decision<WorkRecord> EnforceLimits(WorkRecord work, WorkLimits limits, DateTimeOffset now)
    {
        if (work.HasEnded || work.State == WorkState.Cancelling) return Repeat(work);
        if (limits.Total is { } total && now - work.CreateTime > total) return Stop(work, "TOTAL_TIME_EXCEEDED", $"It was not done within {Text(total)}.", now);
        if (work.State == WorkState.Queued && limits.Queue is { } queue && now - work.WaitsSince > queue)
            return Stop(work, "QUEUE_TIME_EXCEEDED", $"It waited longer than {Text(queue)} for a compute silo.", now);
        if (!work.IsLeased || limits.Attempt is not { } attempt || work.AttemptTime is not { } began || now - began <= attempt) return Repeat(work);

        var error = new WorkError(WorkErrorClass.Resource, "ATTEMPT_TIME_EXCEEDED", $"The attempt took longer than {Text(attempt)}.");
        var failed = Fail(work, error, now);
        return failed with { Effects = [.. failed.Effects, new NudgeWorker(work.Silo, work.Epoch)] };
    }

    /// <summary>Ends the work as failed; a worker that still has it learns at its next report that it is not wanted.</summary>
    private static Decision<WorkRecord> Stop(WorkRecord work, string reason, string message, DateTimeOffset now)
    {
        var error = new WorkError(WorkErrorClass.Resource, reason, message);
        var ended = End(work, WorkState.Failed, now, message, error);
        return work.IsLeased ? ended with { Effects = [.. ended.Effects, new NudgeWorker(work.Silo, work.Epoch)] } : ended;
    }

    private static string Text(TimeSpan time) => time.ToString("c", CultureInfo.InvariantCulture);
}
