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

    /// <summary>From the beginning of the fault to the first event of a later attempt, for jobs that needed one.</summary>
    private static IEnumerable<TimeSpan> MovedAfter(StruckFault fault, Journal journal)
    {
        foreach (var (job, _) in fault.Leases)
        {
            var seen = journal.Watches.FirstOrDefault(w => w.Job == job)?.Events ?? [];
            if (seen.LastOrDefault(e => e.At <= fault.Struck) is not { } before) continue;
            var next = seen.FirstOrDefault(e => e.At > fault.Struck && e.Attempt > before.Attempt && e.State == JobState.Running);
            if (next is not null) yield return next.At - fault.Struck;
        }
    }
}
