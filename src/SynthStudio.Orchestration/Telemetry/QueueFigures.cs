namespace SynthStudio.Orchestration;

/// <summary>The queue at one moment.</summary>
/// <param name="Jobs">Their number.</param>
/// <param name="OldestWait">Of the job that waits longest; zero when none does.</param>
/// <param name="Slots">Those of the compute silos, as these last reported.</param>
internal sealed record QueueFigures(IReadOnlyDictionary<QueuedKind, int> Jobs, TimeSpan OldestWait, IReadOnlyList<SlotFigure> Slots)
{
    private static readonly string[] Accelerators = ["any", "cpu", "cuda"];

    /// <summary>Counts a queue. What waits for a slot is always told, also when nothing does: who acts on a figure can tell nothing from silence.</summary>
    public static QueueFigures Of(QueueView view)
    {
        var jobs = Enum.GetValues<WorkKind>()
            .SelectMany(kind => Accelerators
                .Select(accelerator => new QueuedKind(kind, accelerator, WaitingReason.NoFreeSlot))
                .Append(new QueuedKind(kind, "cpu", "")))
            .ToDictionary(kind => kind, _ => 0);
        var accelerators = view.Silos.ToDictionary(silo => silo.Address.ToParsableString(), silo => silo.Accelerator);
        foreach (var work in view.Queue.Where(w => w.Holder is not null))
            Count(work.Item, accelerators.GetValueOrDefault(work.Holder!) ?? Asked(work.Item), "");
        foreach (var (item, reason) in DispatchPlan.Reasons(view)) Count(item, Asked(item), reason);
        var oldest = view.Queue.Where(w => w.Holder is null).Select(w => (DateTimeOffset?)(w.Item.WaitsSince ?? w.Item.EnqueueTime)).Min();
        return new(jobs, view.Now - oldest is { Ticks: > 0 } wait ? wait : TimeSpan.Zero, [.. SlotsOf(view)]);

        void Count(WorkItem item, string accelerator, string reason)
        {
            var kind = new QueuedKind(item.Kind, accelerator, reason);
            jobs[kind] = jobs.GetValueOrDefault(kind) + 1;
        }
    }

    private static IEnumerable<SlotFigure> SlotsOf(QueueView view)
    {
        var open = DispatchPlan.OpenSlots(view);
        return view.Silos.SelectMany(silo => (SlotFigure[])
        [
            new(silo.Name, silo.Accelerator, "all", silo.Slots), new(silo.Name, silo.Accelerator, "open", open[silo.Address]),
            new(silo.Name, silo.Accelerator, "taken", silo.Leases.Count),
        ]);
    }

    private static string Asked(WorkItem item) => item.Requirements.Accelerator is { Length: > 0 } asked ? asked : "any";
}

/// <summary>Jobs that differ in nothing that matters to who adds silos.</summary>
/// <param name="Kind">What they do.</param>
/// <param name="Accelerator">
/// Of those that run, the silo's: <c>cpu</c> or <c>cuda</c>. Of those that wait, what they ask for: <c>any</c>, <c>cpu</c> or <c>cuda</c>.
/// </param>
/// <param name="Reason">Why they wait (<see cref="WaitingReason"/>); empty for those that run.</param>
internal readonly record struct QueuedKind(WorkKind Kind, string Accelerator, string Reason);

/// <summary>Slots of one silo.</summary>
/// <param name="Silo">Its name.</param>
/// <param name="Accelerator"><c>cpu</c> or <c>cuda</c>.</param>
/// <param name="State">
/// <c>all</c>; <c>open</c>, all while the silo takes work and none while it is cordoned, leaves or is silent; or
/// <c>taken</c>, those with a job.
/// </param>
/// <param name="Count">How many.</param>
internal readonly record struct SlotFigure(string Silo, string Accelerator, string State, int Count);
