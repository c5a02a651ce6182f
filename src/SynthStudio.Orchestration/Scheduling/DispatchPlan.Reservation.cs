namespace SynthStudio.Orchestration;

/// <summary>
/// What keeps large jobs from starving behind small ones: a reservation for one job at a time, as in EASY backfilling (Lifka, "The ANL/IBM SP
/// scheduling system", 1995). When jobs end is not known here, so that what is kept free is a silo and not a time.
/// </summary>
public sealed partial class DispatchPlan
{
    private (WorkItem Item, int Level)? reservation;

    /// <summary>
    /// Of the jobs that have waited too long and fit nowhere now, the most urgent, among these the oldest, gets the silo where the fewest others
    /// have to end before it fits. From then on nothing that is not more urgent takes there what it waits for, whoever's turn it is; what
    /// fits beside it still goes there.
    /// </summary>
    private void Reserve()
    {
        // Jobs with equal needs fare alike: a long queue of them is looked at once.
        var tried = new HashSet<(WorkRequirements Needs, bool MayTakeAccelerator)>();
        var overdue = view.Queue.Where(w => w.Holder is null && view.Now - w.Item.EnqueueTime >= view.ReserveAfter).Select(w => w.Item)
            .OrderBy(LevelOf).ThenBy(item => item.EnqueueTime).ThenBy(item => item.Job, StringComparer.Ordinal);
        foreach (var item in overdue)
        {
            var needs = item.Requirements;
            if (!MayRun(item) || !tried.Add((needs, MayTakeAccelerator(item.Project))) || Place(item) is not null) continue;

            var room = rooms.Values.Where(r => r.TakesWork && r.CanRun(needs) && IsPaidFor(item, r))
                .OrderBy(r => r.MustLeave(needs)).ThenBy(r => r.Silo.Name, StringComparer.Ordinal).FirstOrDefault();
            if (room is null) continue;

            room.Reserve(needs);
            reservation = (item, LevelOf(item));
            return;
        }
    }

    /// <summary>Whether the job leaves alone what is reserved: unless it is the one for which it is, or is more urgent.</summary>
    private bool Yields(WorkItem item) => reservation is var (first, level) && item != first && LevelOf(item) >= level;
}
