namespace SynthStudio.ClusterTorture;

/// <summary>How soon things went on, from what clients saw.</summary>
internal static class Recoveries
{
    public static IReadOnlyList<Recovery> Of(IReadOnlyList<StruckFault> faults, Journal journal) =>
    [
        .. faults.GroupBy(f => f.Plan.Kind).OrderBy(g => g.Key).Select(kind => new Recovery(
            kind.Key, kind.Count(f => f.Hit), kind.Count(f => !f.Hit),
            [.. kind.Where(f => f.Hit).Select(f => ServedAfter(f, journal)).OfType<TimeSpan>().Order()],
            [.. kind.Where(f => f.Hit).SelectMany(f => MovedAfter(f, journal)).Order()])),
    ];

    /// <summary>From the end of the fault to the end of the first upload that began after it.</summary>
    private static TimeSpan? ServedAfter(StruckFault fault, Journal journal) =>
        journal.Pulses.Where(p => p.Began >= fault.Over).Select(p => (TimeSpan?)(p.Ended - fault.Over)).Min();

    /// <summary>From the beginning of the fault until a later attempt took steps of its own, for trainings that needed one.</summary>
    private static IEnumerable<TimeSpan> MovedAfter(StruckFault fault, Journal journal)
    {
        foreach (var (job, _) in fault.Leases)
        {
            var seen = journal.Watches.FirstOrDefault(w => w.Job == job)?.Events ?? [];
            if (FirstStepAfter(fault.Struck, seen) is { } next) yield return next.At - fault.Struck;
        }
    }

    /// <summary>
    /// The first event that tells of a step taken by an attempt that began after a time. An attempt's first events repeat where the one
    /// before it was, its optimiser step above all, until it trains itself: what counts is a step other than that, and beyond the newest
    /// checkpoint, from which it goes on. So only trainings that count their steps are seen to move.
    /// </summary>
    private static SeenEvent? FirstStepAfter(TimeSpan struck, IReadOnlyList<SeenEvent> seen)
    {
        if (seen.LastOrDefault(e => e.At <= struck) is not { } known) return null;
        var (carried, checkpoint, resumed) = (0.0, 0.0, 0.0);
        for (var i = 1; i < seen.Count; i++)
        {
            var (before, now) = (seen[i - 1], seen[i]);
            if (JobChecks.CheckpointOf(before.Message) is { } kept) checkpoint = kept;
            if (now.Attempt > before.Attempt) (carried, resumed) = (before.OptimiserStep, checkpoint);
            if (now.At <= struck || now.Attempt <= known.Attempt || now.State != JobState.Running || now.Step != "train") continue;
            if (now.OptimiserStep != carried && now.OptimiserStep > resumed) return now;
        }

        return null;
    }
}
