namespace SynthStudio.Orchestration;

/// <summary>Which trainings write a checkpoint and leave, so that more urgent jobs find room.</summary>
public sealed partial class DispatchPlan
{
    /// <summary>
    /// Finds the trainings of lower priority that are to leave for each job that waits for their places; those that leave
    /// already are waited for.
    /// </summary>
    private void Preempt(List<WorkItem> waiting)
    {
        var candidates = view.Queue
            .Where(w => w.Holder is { } holder && w.Item.Kind == WorkKind.Training && rooms.ContainsKey(holder))
            .OrderByDescending(Leaves)
            .ThenByDescending(w => w.Item.Priority)
            .ThenByDescending(w => w.Item.EnqueueTime)
            .ThenBy(w => w.Item.Job, StringComparer.Ordinal)
            .ToList();

        // Jobs with equal needs fare alike, and what is in vain for one stays so while there are fewer candidates: a long queue of them is looked at once.
        var inVain = new HashSet<(WorkRequirements Needs, int Priority, bool Yields, bool MayTakeAccelerator)>();
        foreach (var item in waiting)
        {
            if (candidates.Count == 0) return;

            var needs = (item.Requirements, item.Priority, Yields(item), MayTakeAccelerator(item.Project));
            if (inVain.Contains(needs) || IsProjectFull(item.Project)) continue;

            var room = MakeRoom(item, candidates);
            if (room.Count == 0) inVain.Add(needs);
            foreach (var leaving in room)
            {
                candidates.Remove(leaving);
                if (!Leaves(leaving)) victims.Add(leaving);
            }
        }
    }

    private bool Leaves(QueuedWork held) => view.GivingWay.Contains(held.Item.Job);

    /// <summary>
    /// The trainings of one silo without which the job fits there: those that ask fewest to leave who do not yet, and among these the first in the order
    /// of the candidates. Empty when there are none. Who leaves a reservation alone displaces nobody for its sake: one training or none.
    /// </summary>
    private List<QueuedWork> MakeRoom(WorkItem item, List<QueuedWork> candidates)
    {
        var lower = candidates.FindAll(c => GivesWayTo(c, item));
        var alone = lower.Where(c => FitsWithout([c], item)).Select(c => new List<QueuedWork> { c });
        var together = Yields(item) ? [] : lower.GroupBy(c => c.Holder!).Select(silo => Fewest([.. silo], item));
        return alone.Concat(together).Where(leaving => leaving.Count > 0).MinBy(leaving => (leaving.Count(c => !Leaves(c)), leaving.Count)) ?? [];
    }

    /// <summary>Of the trainings of one silo so many of the first ones that the job fits, without those that may stay all the same.</summary>
    private List<QueuedWork> Fewest(List<QueuedWork> there, WorkItem item)
    {
        var needed = Enumerable.Range(1, there.Count).FirstOrDefault(count => FitsWithout(there[..count], item));
        var leaving = there[..needed];
        for (var i = leaving.Count - 1; i >= 0; i--)
        {
            if (FitsWithout([.. leaving[..i], .. leaving[(i + 1)..]], item)) leaving.RemoveAt(i);
        }

        return leaving;
    }

    private bool GivesWayTo(QueuedWork held, WorkItem item)
    {
        var room = rooms[held.Holder!];
        return held.Item.Priority > item.Priority
            && room.TakesWork
            && room.CanRun(item.Requirements)
            && IsPaidFor(item, room)
            && (Leaves(held) || !view.Undisturbed.Contains(held.Item.Job));
    }

    /// <summary>Whether the job fits on the silo of these trainings when they are gone.</summary>
    private bool FitsWithout(List<QueuedWork> leaving, WorkItem item) =>
        leaving.Count > 0 && rooms[leaving[0].Holder!].Fits(item.Requirements, leaving.Select(l => l.Item.Requirements), Yields(item));
}
