namespace SynthStudio.Orchestration;

/// <summary>What a silo has left, given the jobs that are on it.</summary>
internal sealed class SiloRoom
{
    private readonly List<WorkRequirements> jobs = [];

    public SiloRoom(ComputeSilo silo, bool cordoned, IEnumerable<WorkRequirements> jobs)
    {
        Silo = silo;
        TakesWork = !cordoned && !silo.Draining && silo.Slots > 0;
        this.jobs.AddRange(jobs);
    }

    public ComputeSilo Silo { get; }

    /// <summary>It is not cordoned and does not leave.</summary>
    public bool TakesWork { get; }

    public int FreeSlots => Silo.Slots - jobs.Count;

    /// <inheritdoc cref="SiloCapability.CanRun"/>
    public bool CanRun(WorkRequirements needs) => Silo.CanRun(needs);

    /// <summary>What the job waits for here: null when it can start at once.</summary>
    public string? Lacks(WorkRequirements needs) => Lacks(needs, jobs);

    /// <summary>Whether the job could start if <paramref name="leaving"/> were gone.</summary>
    public bool Fits(WorkRequirements needs, WorkRequirements leaving)
    {
        var others = jobs.ToList();
        others.Remove(leaving);
        return Lacks(needs, others) is null;
    }

    public void Add(WorkRequirements needs) => jobs.Add(needs);

    /// <summary>A job that needs no accelerator leaves the silos that have one to those that do.</summary>
    public bool IsOverqualified(WorkRequirements needs) => needs.Accelerator == "cpu" && Silo.Accelerator != "cpu";

    private string? Lacks(WorkRequirements needs, List<WorkRequirements> others)
    {
        if (others.Count >= Silo.Slots) return WaitingReason.NoFreeSlot;
        if (others.Sum(o => o.MemoryBytes) + needs.MemoryBytes > Silo.MemoryBytes) return WaitingReason.NoFreeMemory;
        return Uses(needs) && AcceleratorSharing.Place(Silo, others.Where(Uses), needs) is null ? WaitingReason.NoFreeAccelerator : null;
    }

    private bool Uses(WorkRequirements needs) => AcceleratorSharing.Uses(Silo, needs);
}
