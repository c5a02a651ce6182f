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

    /// <summary>How often the scheduler compares its leases with the cluster's members.</summary>
    public TimeSpan WatchPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often every unfinished job is brought into line.</summary>
    public TimeSpan ReconcilePeriod { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often an owner with unfinished work repeats what failed and tells the catalog of progress.</summary>
    public TimeSpan TendPeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Period of the reminder that wakes the owner of unfinished work; Orleans allows no less than a minute.</summary>
    public TimeSpan ReminderPeriod { get; set; } = TimeSpan.FromMinutes(1);
}
