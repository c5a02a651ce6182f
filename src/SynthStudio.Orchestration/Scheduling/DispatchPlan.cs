namespace SynthStudio.Orchestration;

/// <summary>
/// Which waiting jobs go to which silos now, and which trainings give way to them: a pure function of queue, silos and time. Priority goes
/// first and rises with waiting; among equals the project that has least of the cluster for its weight; within a project the oldest job. What
/// does not fit is passed by, until it has waited too long: then a silo is kept free for it (<see cref="Reserve"/>).
/// </summary>
public sealed partial class DispatchPlan
{
    private readonly QueueView view;
    private readonly Dictionary<string, SiloRoom> rooms;
    private readonly Dictionary<string, int> running = [];
    private readonly Dictionary<string, int> accelerators = [];
    private readonly List<Assignment> assignments = [];
    private readonly List<QueuedWork> victims = [];

    private DispatchPlan(QueueView view)
    {
        this.view = view;
        var held = view.Queue.Where(w => w.Holder is not null).ToLookup(w => w.Holder!);
        rooms = view.Silos.ToDictionary(
            s => s.Address.ToParsableString(),
            s => new SiloRoom(s, view, held[s.Address.ToParsableString()].Select(w => w.Item.Requirements)));
        foreach (var project in held.SelectMany(h => h).CountBy(w => w.Item.Project)) running[project.Key] = project.Value;
        foreach (var project in held.SelectMany(h => h).Where(HoldsAccelerator).CountBy(w => w.Item.Project)) accelerators[project.Key] = project.Value;
    }

    /// <summary>Jobs to lease, in this order.</summary>
    public IReadOnlyList<Assignment> Assignments => assignments;

    /// <summary>Leased trainings that are to write a checkpoint and leave.</summary>
    public IReadOnlyList<QueuedWork> Victims => victims;

    private bool HasRoom => rooms.Values.Any(r => r.TakesWork && r.FreeSlots > 0);

    private bool HasCandidates => view.Queue.Any(w => w.Holder is not null && w.Item.Kind == WorkKind.Training);

    /// <summary>Plans for all silos at once.</summary>
    public static DispatchPlan Make(QueueView view)
    {
        var plan = new DispatchPlan(view);
        if (!plan.HasRoom && !plan.HasCandidates) return plan;

        plan.Reserve();

        var waiting = new List<WorkItem>();
        foreach (var item in plan.Order())
        {
            if (!plan.MayRun(item)) continue;
            if (plan.Place(item) is { } room)
            {
                plan.Assign(item, room);
            }
            else
            {
                waiting.Add(item);
            }
        }

        plan.Preempt(waiting);
        return plan;
    }

    /// <summary>The waiting jobs in the order in which they would start if slots became free one by one.</summary>
    public static IEnumerable<WorkItem> InOrder(QueueView view)
    {
        var plan = new DispatchPlan(view);
        foreach (var item in plan.Order())
        {
            plan.Count(item);
            yield return item;
        }
    }

    /// <summary>Where a job stands and why it waits; null when it does not.</summary>
    public static QueueStanding? Explain(string job, QueueView view)
    {
        var position = 0;
        foreach (var item in InOrder(view))
        {
            position++;
            if (item.Job != job) continue;

            var plan = new DispatchPlan(view);
            plan.Reserve();
            return new(position, plan.ReasonFor(item));
        }

        return null;
    }

    /// <summary>Slots of the silos that take work, free or not, by silo; none of the others.</summary>
    public static IReadOnlyDictionary<SiloAddress, int> OpenSlots(QueueView view) =>
        new DispatchPlan(view).rooms.Values.ToDictionary(r => r.Silo.Address, r => r.TakesWork ? r.Silo.Slots : 0);

    /// <summary>Every waiting job and why it waits; in no order.</summary>
    public static IEnumerable<(WorkItem Item, string Reason)> Reasons(QueueView view)
    {
        var plan = new DispatchPlan(view);
        return view.Queue.Where(w => w.Holder is null).Select(w => (w.Item, plan.ReasonFor(w.Item)));
    }

    /// <summary>The jobs by turns of their projects; who has how much is looked at anew before each turn.</summary>
    private IEnumerable<WorkItem> Order()
    {
        var lines = view.Queue.Where(w => w.Holder is null)
            .GroupBy(w => w.Item.Project)
            .Select(project => new Line(
                project.Key, view.ShareOf(project.Key).Weight, view.UsageOf(project.Key),
                new(project.Select(w => (Level: LevelOf(w.Item), w.Item))
                    .OrderBy(w => w.Level).ThenBy(w => w.Item.EnqueueTime).ThenBy(w => w.Item.Job, StringComparer.Ordinal))))
            .ToList();
        while (lines.Count > 0)
        {
            var next = lines.MinBy(line => (
                line.Jobs.Peek().Level,
                running.GetValueOrDefault(line.Project) / line.Weight,
                line.Usage / line.Weight,
                line.Jobs.Peek().Item.EnqueueTime))!;
            yield return next.Jobs.Dequeue().Item;
            if (next.Jobs.Count == 0) lines.Remove(next);
        }
    }

    /// <summary>1 to 5: the priority, raised by waiting.</summary>
    private int LevelOf(WorkItem item)
    {
        var periods = Math.Floor(Math.Max(0, (view.Now - item.EnqueueTime) / view.AgeingPeriod));
        return (int)Math.Max(1, item.Priority - periods);
    }

    private bool MayRun(WorkItem item) => !view.Resting.Contains(item.Job) && !IsProjectFull(item.Project);

    private bool IsProjectFull(string project) =>
        view.ShareOf(project).MaxRunning is > 0 and var most && running.GetValueOrDefault(project) >= most;

    /// <summary>Whether its project may have one more accelerator, or a part of one, where the job would take it.</summary>
    private bool IsPaidFor(WorkItem item, SiloRoom room) => !AcceleratorSharing.Uses(room.Silo, item.Requirements) || MayTakeAccelerator(item.Project);

    private bool MayTakeAccelerator(string project) => !view.WithoutAcceleratorTime.Contains(project)
        && !(view.ShareOf(project).MaxAccelerators is > 0 and var most && accelerators.GetValueOrDefault(project) >= most);

    /// <summary>What is held on a silo that is not looked at, since it just turned work down, may hold one.</summary>
    private bool HoldsAccelerator(QueuedWork held) => rooms.TryGetValue(held.Holder!, out var room)
        ? AcceleratorSharing.Uses(room.Silo, held.Item.Requirements)
        : held.Item.Requirements.Accelerator != "cpu";

    /// <summary>
    /// Where the job starts now. A silo whose workers fail at once has the most free slots of all: what failed there goes elsewhere as long as there is
    /// an elsewhere, else its last attempt would find the same silo as its first.
    /// </summary>
    private SiloRoom? Place(WorkItem item)
    {
        var (needs, yields) = (item.Requirements, Yields(item));
        return rooms.Values
            .Where(r => r.TakesWork && r.FreeSlots > 0 && r.CanRun(needs) && IsPaidFor(item, r) && r.Lacks(needs, yields) is null)
            .OrderBy(r => item.FailedOn.Length > 0 && r.Address == item.FailedOn)
            .ThenBy(r => r.IsOverqualified(needs))
            .ThenByDescending(r => item.Model.Length > 0 && r.Silo.Models.Contains(item.Model))
            .ThenByDescending(r => r.FreeSlots)
            .ThenBy(r => r.Silo.Name, StringComparer.Ordinal)
            .FirstOrDefault();
    }

    private void Assign(WorkItem item, SiloRoom room)
    {
        assignments.Add(new(item, room.Silo));
        room.Add(item.Requirements);
        if (AcceleratorSharing.Uses(room.Silo, item.Requirements)) accelerators[item.Project] = accelerators.GetValueOrDefault(item.Project) + 1;
        Count(item);
    }

    private void Count(WorkItem item) => running[item.Project] = running.GetValueOrDefault(item.Project) + 1;

    private string ReasonFor(WorkItem item)
    {
        if (view.Resting.Contains(item.Job)) return WaitingReason.BackingOff;
        if (IsProjectFull(item.Project)) return WaitingReason.ProjectLimit;

        var capable = rooms.Values.Where(r => r.CanRun(item.Requirements)).ToList();
        if (capable.Count == 0) return WaitingReason.NoCapableSilo;

        capable.RemoveAll(r => !IsPaidFor(item, r));
        if (capable.Count == 0) return view.WithoutAcceleratorTime.Contains(item.Project) ? WaitingReason.AcceleratorLimit : WaitingReason.ProjectAccelerators;

        capable.RemoveAll(r => !r.IsOpen);
        if (capable.Count == 0) return WaitingReason.SilosCordoned;

        capable.RemoveAll(r => !r.IsHeard);
        if (capable.Count == 0) return WaitingReason.SilosSilent;

        capable.RemoveAll(r => !r.TakesWork);
        if (capable.Count == 0) return WaitingReason.SilosResting;

        var lacks = capable.Select(r => r.Lacks(item.Requirements, Yields(item))).ToList();
        return lacks.Contains(null) ? WaitingReason.AboutToStart
            : item == reservation?.Item ? WaitingReason.HasReservation
            : lacks.Find(l => l != WaitingReason.NoFreeSlot) ?? WaitingReason.NoFreeSlot;
    }

    /// <summary>A job and the silo that is to run it.</summary>
    public sealed record Assignment(WorkItem Item, ComputeSilo Silo);

    private sealed record Line(string Project, double Weight, double Usage, Queue<(int Level, WorkItem Item)> Jobs);
}
