namespace SynthStudio.Orchestration;

/// <summary>What a silo has left, given the jobs that are on it.</summary>
internal sealed class SiloRoom
{
    private readonly List<WorkRequirements> jobs = [];
    private WorkRequirements? reserved;

    public SiloRoom(ComputeSilo silo, QueueView view, IEnumerable<WorkRequirements> jobs)
    {
        Silo = silo;
        Address = silo.Address.ToParsableString();
        IsOpen = !view.Cordoned.Contains(silo.Name) && !silo.Draining && silo.Slots > 0;
        IsHeard = !view.Silent.Contains(silo.Address);
        TakesWork = IsOpen && IsHeard && !view.Sick.Contains(silo.Address);
        this.jobs.AddRange(jobs);
    }

    public ComputeSilo Silo { get; }

    /// <summary>As holders of leases are named.</summary>
    public string Address { get; }

    /// <summary>It is not cordoned and does not leave.</summary>
    public bool IsOpen { get; }

    /// <summary>It was heard of lately.</summary>
    public bool IsHeard { get; }

    /// <summary>It is open, was heard of lately and does not rest.</summary>
    public bool TakesWork { get; }

    public int FreeSlots => Silo.Slots - jobs.Count;

    /// <inheritdoc cref="SiloCapability.CanRun"/>
    public bool CanRun(WorkRequirements needs) => Silo.CanRun(needs);

    /// <summary>What the job waits for here: null when it can start at once.</summary>
    /// <param name="needs">What it needs.</param>
    /// <param name="yields">Whether it leaves alone what is kept for another job.</param>
    public string? Lacks(WorkRequirements needs, bool yields) => Lacks(needs, jobs) ?? (yields && Delays(needs, jobs) ? WaitingReason.ReservedForOthers : null);

    /// <summary>Whether the job could start if <paramref name="leaving"/> were gone.</summary>
    public bool Fits(WorkRequirements needs, IEnumerable<WorkRequirements> leaving, bool yields)
    {
        var others = jobs.ToList();
        foreach (var one in leaving) others.Remove(one);
        return Lacks(needs, others) is null && !(yields && Delays(needs, others));
    }

    public void Add(WorkRequirements needs) => jobs.Add(needs);

    /// <summary>Keeps what becomes free for a job that does not fit yet.</summary>
    public void Reserve(WorkRequirements needs) => reserved = needs;

    /// <summary>How many of the jobs here must end before this one fits, at least about: those that hold most of what it lacks first.</summary>
    public int MustLeave(WorkRequirements needs)
    {
        var others = jobs.ToList();
        while (others.Count > 0 && Lacks(needs, others) is { } lack)
            others.Remove(others.MaxBy(o => lack == WaitingReason.NoFreeAccelerator ? (Uses(o), o.AcceleratorMemoryBytes) : (true, o.MemoryBytes))!);
        return jobs.Count - others.Count;
    }

    /// <summary>A job that needs no accelerator leaves the silos that have one to those that do.</summary>
    public bool IsOverqualified(WorkRequirements needs) => needs.Accelerator == "cpu" && Silo.Accelerator != "cpu";

    private string? Lacks(WorkRequirements needs, List<WorkRequirements> others)
    {
        if (others.Count >= Silo.Slots) return WaitingReason.NoFreeSlot;
        if (others.Sum(o => o.MemoryBytes) + needs.MemoryBytes > Silo.MemoryBytes) return WaitingReason.NoFreeMemory;
        return Uses(needs) && AcceleratorSharing.Place(Silo, others.Where(Uses), needs) is null ? WaitingReason.NoFreeAccelerator : null;
    }

    /// <summary>
    /// Whether the job would take of what the reserved one waits for. Which accelerator becomes free first is not known, so none is given away.
    /// </summary>
    private bool Delays(WorkRequirements needs, List<WorkRequirements> others) =>
        reserved is { } first
        && (others.Count + 2 > Silo.Slots
            || (needs.MemoryBytes > 0 && others.Sum(o => o.MemoryBytes) + first.MemoryBytes + needs.MemoryBytes > Silo.MemoryBytes)
            || (Uses(needs) && Uses(first)));

    private bool Uses(WorkRequirements needs) => AcceleratorSharing.Uses(Silo, needs);
}
