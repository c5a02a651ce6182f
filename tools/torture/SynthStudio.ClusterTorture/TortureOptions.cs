namespace SynthStudio.ClusterTorture;

/// <summary>How the cluster is to be tortured.</summary>
public sealed record TortureOptions
{
    /// <summary>Faults that are to hit something, at random times. One that hits nothing is struck again while there is time.</summary>
    public int Faults { get; init; } = 60;

    public int Seed { get; init; } = 1;

    /// <summary>How long faults are struck; the start before and the checks after come on top.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Kinds to choose from; empty for all that this machine allows.</summary>
    public IReadOnlyList<FaultKind> Kinds { get; init; } = [];

    /// <summary>Each fault waits until the one before is over and the cluster serves again, so that recovery times are of one fault alone.</summary>
    public bool Apart { get; init; }

    /// <summary>Users that upload, train and draw at the same time.</summary>
    public int Users { get; init; } = 4;

    /// <summary>
    /// After the last fault is over, and after the last answer or event that anybody got, everything that was begun must have ended within
    /// this.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>
    /// A checkout of an earlier version, built: the cluster starts with its processes and is upgraded to this version while it works. Null
    /// for none.
    /// </summary>
    public string? From { get; init; }

    /// <summary>Where the processes' logs stay when something was found; null removes them in any case.</summary>
    public string? LogFolder { get; init; }

    /// <summary>Told what happens.</summary>
    public Action<string> Say { get; init; } = _ => { };
}
