namespace SynthStudio.Orchestration;

/// <summary>All that a <see cref="DispatchPlan"/> looks at, at one moment.</summary>
public sealed record QueueView
{
    /// <summary>All jobs, waiting and leased.</summary>
    public required IReadOnlyCollection<QueuedWork> Queue { get; init; }

    /// <summary>Silos of the cluster, those too that are given no work for now: <see cref="Cordoned"/>, <see cref="Silent"/>, or about to leave.</summary>
    public required IReadOnlyCollection<ComputeSilo> Silos { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>Waiting jobs that failed and are not tried again yet.</summary>
    public IReadOnlySet<string> Resting { get; init; } = new HashSet<string>();

    /// <summary>Names of silos that are to take no work.</summary>
    public IReadOnlySet<string> Cordoned { get; init; } = new HashSet<string>();

    /// <summary>Silos that were not heard of lately: they may be gone, so that they are given nothing.</summary>
    public IReadOnlySet<SiloAddress> Silent { get; init; } = new HashSet<SiloAddress>();

    /// <summary>Silos where one job after another failed lately for reasons that are the silo's: they are given nothing for a while.</summary>
    public IReadOnlySet<SiloAddress> Sick { get; init; } = new HashSet<SiloAddress>();

    /// <summary>What a project may have.</summary>
    public Func<string, ProjectShare> ShareOf { get; init; } = _ => new(1, 0);

    /// <summary>Slot seconds that a project had lately.</summary>
    public Func<string, double> UsageOf { get; init; } = _ => 0;

    /// <summary>Projects that have used up their accelerator time of the month.</summary>
    public IReadOnlySet<string> WithoutAcceleratorTime { get; init; } = new HashSet<string>();

    /// <summary>A waiting job rises by one priority each time it has waited this long.</summary>
    public TimeSpan AgeingPeriod { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>For a job that has waited this long and fits nowhere a silo is kept free of later work.</summary>
    public TimeSpan ReserveAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Leased jobs that were asked to give way already.</summary>
    public IReadOnlySet<string> GivingWay { get; init; } = new HashSet<string>();

    /// <summary>Leased jobs that have not run long enough yet to be asked to give way.</summary>
    public IReadOnlySet<string> Undisturbed { get; init; } = new HashSet<string>();
}
