namespace SynthStudio.Orchestration;

/// <summary>Which waiting job goes to which silo next: a pure function of queue, silos and time.</summary>
public static class DispatchPlan
{
    /// <summary>Priority first, then the order of arrival.</summary>
    public static IEnumerable<QueuedWork> InOrder(IEnumerable<QueuedWork> queue) => queue
        .Where(w => w.Holder is null)
        .OrderBy(w => w.Item.Priority)
        .ThenBy(w => w.Item.EnqueueTime)
        .ThenBy(w => w.Item.Job, StringComparer.Ordinal);

    /// <summary>The first job in order for which a capable silo has a free slot, and that silo; null when nothing can start.</summary>
    /// <param name="queue">All jobs, waiting and leased.</param>
    /// <param name="silos">Silos that take work.</param>
    /// <param name="now">Jobs that back off until later are passed over.</param>
    public static (QueuedWork Work, ComputeSilo Silo)? Next(IReadOnlyCollection<QueuedWork> queue, IReadOnlyCollection<ComputeSilo> silos, DateTimeOffset now)
    {
        foreach (var work in InOrder(queue))
        {
            if (work.Item.NotBefore > now) continue;

            var silo = silos
                .Where(s => CanRun(s, work.Item.Requirements) && FreeSlots(s, queue) > 0)
                .OrderBy(s => IsOverqualified(s, work.Item.Requirements))
                .ThenByDescending(s => s.Models.Contains(work.Item.Model))
                .ThenByDescending(s => FreeSlots(s, queue))
                .ThenBy(s => s.Name, StringComparer.Ordinal)
                .FirstOrDefault();
            if (silo is not null) return (work, silo);
        }

        return null;
    }

    /// <summary>Why a job waits; null when it does not.</summary>
    public static QueueStanding? Explain(string job, IReadOnlyCollection<QueuedWork> queue, IReadOnlyCollection<ComputeSilo> silos, DateTimeOffset now)
    {
        var waiting = InOrder(queue).ToList();
        var position = waiting.FindIndex(w => w.Item.Job == job);
        if (position < 0) return null;

        var item = waiting[position].Item;
        var reason = item.NotBefore > now ? "BACKING_OFF"
            : silos.Any(s => CanRun(s, item.Requirements)) ? "NO_FREE_SLOT"
            : "NO_CAPABLE_SILO";
        return new QueueStanding(position + 1, reason);
    }

    /// <summary>Whether the silo offers what the job needs, full or not. Every silo has a CPU.</summary>
    public static bool CanRun(ComputeSilo silo, WorkRequirements needs) =>
        !silo.Draining
        && silo.Slots > 0
        && needs.MemoryBytes <= silo.MemoryBytes
        && (needs.Accelerator is "" or "any" or "cpu" || needs.Accelerator == silo.Accelerator);

    /// <summary>A job that needs no accelerator leaves the silos that have one to those that do.</summary>
    private static bool IsOverqualified(ComputeSilo silo, WorkRequirements needs) => needs.Accelerator == "cpu" && silo.Accelerator != "cpu";

    private static int FreeSlots(ComputeSilo silo, IReadOnlyCollection<QueuedWork> queue)
    {
        var address = silo.Address.ToParsableString();
        return silo.Slots - queue.Count(w => w.Holder == address);
    }
}
