namespace SynthStudio.Orchestration;

/// <summary>Periods of the control plane. The defaults suit production; tests shorten them.</summary>
public sealed class OrchestrationOptions
{
    /// <summary>Name of the grain storage provider that holds the owners' state; the host registers it with Orleans' own serializer.</summary>
    public const string StorageName = "synthstudio";

    /// <summary>A lease ends this long after its last renewal.</summary>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A silo that was silent for this long gets no new work.</summary>
    public TimeSpan HeartbeatPatience { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>A waiting job rises by one priority each time it has waited this long.</summary>
    public TimeSpan AgeingPeriod { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// For a job that has waited this long and fits nowhere, because it needs more memory or accelerator than smaller jobs leave it, one silo
    /// takes no work that is not more urgent until it fits there.
    /// </summary>
    public TimeSpan ReserveAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>What a project has used of the cluster counts half after this long.</summary>
    public TimeSpan UsageHalfLife { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>A training is not made to give way to more urgent work before it has run this long.</summary>
    public TimeSpan UndisturbedTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Jobs that a project may run at once where nobody has set its own share; 0 for any number.</summary>
    public int MaxRunningPerProject { get; set; }

    /// <summary>Rows that a project may have drawn on a day (UTC) where nobody has set its own share; 0 for any number.</summary>
    public long MaxRowsPerDayPerProject { get; set; }

    /// <summary>Bytes that all that a project keeps may take, with what its open uploads claim, where nobody has set its own share; 0 for any number.</summary>
    public long MaxStoredBytesPerProject { get; set; }

    /// <summary>Seconds that the jobs of a project may hold accelerators a month (UTC) where nobody has set its own share; 0 for any number.</summary>
    public long MaxAcceleratorSecondsPerMonthPerProject { get; set; }

    /// <summary>Accelerators that the jobs of a project may hold at once where nobody has set its own share; 0 for any number.</summary>
    public int MaxAcceleratorsPerProject { get; set; }

    /// <summary>How long jobs may take that have no limits of their own.</summary>
    public WorkLimits Limits { get; set; } = WorkLimits.None;

    /// <summary>How often the scheduler compares its leases with the cluster's members.</summary>
    public TimeSpan WatchPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often every unfinished job is brought into line.</summary>
    public TimeSpan ReconcilePeriod { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often an owner with unfinished work repeats what failed and tells the catalog of progress.</summary>
    public TimeSpan TendPeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Period of the reminder that wakes the owner of unfinished work; Orleans allows no less than a minute.</summary>
    public TimeSpan ReminderPeriod { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The share of a project that nobody has set one for.</summary>
    internal ProjectShare ShareOfNewProject => new(1, MaxRunningPerProject)
    {
        MaxRowsPerDay = MaxRowsPerDayPerProject, MaxStoredBytes = MaxStoredBytesPerProject,
        MaxAcceleratorSecondsPerMonth = MaxAcceleratorSecondsPerMonthPerProject,
        MaxAccelerators = MaxAcceleratorsPerProject,
    };
}
