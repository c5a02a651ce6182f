namespace SynthStudio.Orchestration;

/// <summary>
/// The copy of the queue, and how it is read anew while requests go on: what they changed since the reading began is newer than what was read. Nobody waits
/// for a moment in which nothing changes; with many jobs there is none.
/// </summary>
public sealed partial class SchedulerGrain
{
    /// <summary>An owner's time is finer than what a store keeps of it.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(1);

    /// <summary>When jobs were changed here, by <see cref="changes"/>; kept while somebody reads.</summary>
    private readonly Dictionary<string, long> touched = [];

    private long changes;
    private int readings;

    /// <summary>With what the store does not keep, as its owner said it last.</summary>
    private static WorkItem WithHints(WorkItem item, WorkItem hints) =>
        item with { Model = hints.Model, WaitsSince = hints.WaitsSince, FailedOn = hints.FailedOn, SiloAtFault = hints.SiloAtFault };

    /// <summary>Whether enqueuing the job once more changes nothing of what is stored of it.</summary>
    private static bool SaysTheSame(WorkItem known, WorkItem item) =>
        item.Epoch <= known.Epoch
        && item.Priority == known.Priority
        && item.Requirements == known.Requirements
        && (item.NotBefore is { } asked ? known.NotBefore is { } kept && (asked - kept).Duration() < Rounding : known.NotBefore is null);

    private async Task ReloadAsync()
    {
        var before = changes;
        readings++;
        try
        {
            var stored = await leases.ListAsync(CancellationToken.None);
            CountUsage();
            var known = queue.Values.ToDictionary(w => w.Item.Job);
            queue.Clear();
            foreach (var work in stored.Where(w => !IsNewer(w.Item.Job)))
                queue[work.Item.Job] = known.GetValueOrDefault(work.Item.Job) is { Item: var hints } ? work with { Item = WithHints(work.Item, hints) } : work;
            foreach (var (job, work) in known.Where(k => IsNewer(k.Key))) queue[job] = work;
            RememberLeases(queue.Values.Where(w => w.Holder is not null).Select(w => w.Item.Job).ToHashSet());
        }
        finally
        {
            if (--readings == 0) touched.Clear();
        }

        bool IsNewer(string job) => touched.GetValueOrDefault(job) > before;
    }

    /// <summary>Keeps what is known of leases only here, for those that there are; it begins anew with the scheduler.</summary>
    private void RememberLeases(HashSet<string> leased)
    {
        givingWay.IntersectWith(leased);
        foreach (var ended in starts.Keys.Where(job => !leased.Contains(job)).ToList()) starts.Remove(ended);
        foreach (var job in leased) starts.TryAdd(job, clock.Now);
    }

    /// <summary>Whatever is being read meanwhile, it is older.</summary>
    private void Touch(string job)
    {
        changes++;
        if (readings > 0) touched[job] = changes;
    }

    /// <summary>The store has it waiting, unless somebody holds it.</summary>
    private void PutWaiting(WorkItem item)
    {
        var newest = item.Epoch;
        if (queue.TryGetValue(item.Job, out var known))
        {
            if (known.Holder is not null) return;
            if (known.Item.Epoch > newest) newest = known.Item.Epoch;
        }

        queue[item.Job] = new(item with { Epoch = newest }, null, null);
        Touch(item.Job);
    }

    /// <summary>The store ended this lease. What is known here of a newer one stays.</summary>
    private void LetWait(QueuedWork ended)
    {
        var job = ended.Item.Job;
        Touch(job);
        if (queue.GetValueOrDefault(job) is not { Holder: not null } known || known.Item.Epoch != ended.Item.Epoch) return;

        CountUsage();
        queue[job] = new(known.Item, null, null);
        starts.Remove(job);
        givingWay.Remove(job);
    }

    private void Forget(string job)
    {
        CountUsage();
        queue.Remove(job);
        starts.Remove(job);
        givingWay.Remove(job);
        Touch(job);
    }
}
