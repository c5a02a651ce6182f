using ProgressEvent = SynthStudio.Orchestration.ProgressEvent;

namespace SynthStudio.ClusterTorture;

/// <summary>
/// The promise that a job is one silo's at a time: the epoch of its lease never goes down, in the queue as in its log, and each attempt has
/// one of its own, so that no two tell of the job in turns.
/// </summary>
internal static class LeaseCheck
{
    /// <summary>Faults strike at the same time, and each asks the queue for itself: which of two answers came first is not known.</summary>
    private static readonly TimeSpan Asking = TimeSpan.FromSeconds(5);

    public static Finding Run(JobBooks books, IReadOnlyList<StruckFault> struck)
    {
        var told = books.Logs.Values.Sum(log => log.Count(e => e.Update is not null));
        var broken = books.Logs.Select(l => (l.Key, Why: WhyWrong(l.Value)))
            .Where(l => l.Why is not null).Select(l => $"{l.Key}: {l.Why}").ToList();
        var asked = struck.SelectMany(f => f.Leases.Select(l => (l.Job, l.Epoch, f.Struck))).ToList();
        foreach (var leases in asked.GroupBy(l => l.Job))
        {
            foreach (var lease in leases)
            {
                var before = leases.Where(l => l.Struck + Asking < lease.Struck).Select(l => l.Epoch).DefaultIfEmpty(0).Max();
                if (lease.Epoch < before) broken.Add($"{lease.Job} was leased under epoch {lease.Epoch} after {before}");
            }
        }

        return new("no lease goes back, and each attempt has one of its own", told + asked.Count, broken);
    }

    /// <summary>What workers told, in the order of the log, and under which lease.</summary>
    private static string? WhyWrong(IReadOnlyList<ProgressEvent> log)
    {
        var (attempt, epoch) = (0, 0L);
        foreach (var told in log)
        {
            if (told.Update is not { Epoch.Value: var now }) continue;
            if (now < epoch) return $"epoch {now} after {epoch} at {told.Sequence}";
            if (now == epoch && told.Attempt != attempt)
                return $"attempts {attempt} and {told.Attempt} under epoch {now} at {told.Sequence}";
            if (now > epoch && told.Attempt == attempt) return $"epochs {epoch} and {now} in attempt {attempt} at {told.Sequence}";
            (attempt, epoch) = (told.Attempt, now);
        }

        return null;
    }
}
