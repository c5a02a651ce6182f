namespace SynthStudio.ClusterTorture;

/// <summary>A fault of the schedule.</summary>
/// <param name="Number">From 1.</param>
/// <param name="At">After the start.</param>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Target">Chooses whom it hits, among those that it can hit.</param>
/// <param name="Duration">How long it lasts, for what is killed until it is started again.</param>
public sealed record PlannedFault(int Number, TimeSpan At, FaultKind Kind, int Target, TimeSpan Duration)
{
    /// <summary>Of a run of at least this time one outage of the object store lasts for minutes: longer than what clients try again by themselves.</summary>
    private static readonly TimeSpan TimeForLongOutage = TimeSpan.FromMinutes(10);

    private const double LeastLongOutage = 120, MostLongOutage = 180;

    /// <summary>All faults of a run, which follow from its seed.</summary>
    public static IReadOnlyList<PlannedFault> Schedule(int faults, int seed, TimeSpan time, IReadOnlyList<FaultKind> kinds)
    {
        var random = new Random(seed);
        var times = Enumerable.Range(0, faults).Select(_ => random.NextDouble() * time).Order().ToList();
        var plan = new List<PlannedFault>(faults);
        var deck = new List<FaultKind>();
        foreach (var at in times)
        {
            // Every kind comes once before one comes again.
            if (deck.Count == 0) deck.AddRange(kinds);
            var kind = deck[random.Next(deck.Count)];
            deck.Remove(kind);
            var (least, most) = SecondsOf(kind);
            plan.Add(new(plan.Count + 1, at, kind, random.Next(1 << 20), TimeSpan.FromSeconds(least + ((most - least) * random.NextDouble()))));
        }

        if (time >= TimeForLongOutage && plan.FindIndex(fault => fault.Kind == FaultKind.KillS3) is >= 0 and var first)
            plan[first] = plan[first] with { Duration = TimeSpan.FromSeconds(LeastLongOutage + ((MostLongOutage - LeastLongOutage) * random.NextDouble())) };
        return plan;
    }

    /// <summary>How long a fault of a kind lasts: some shorter, some longer than leases (30 s) and probes (10 s).</summary>
    private static (double Least, double Most) SecondsOf(FaultKind kind) => kind switch
    {
        FaultKind.KillWorker => (0, 0),
        FaultKind.KillSilo => (0, 15),
        FaultKind.LoseAccelerator => (10, 25),
        FaultKind.KillApi => (0, 6),
        FaultKind.StallWorker => (5, 30),
        FaultKind.HangWorker => (0, 0),
        FaultKind.StallSilo => (5, 60),
        FaultKind.StallApi => (5, 25),
        FaultKind.RestartPostgres or FaultKind.CrashPostgres => (0, 8),
        FaultKind.CutFromPostgres => (5, 25),
        FaultKind.KillRedis or FaultKind.StallRedis => (2, 15),
        FaultKind.FailS3 or FaultKind.SlowS3 or FaultKind.KillS3 => (2, 15),
        FaultKind.CutTwoSilos or FaultKind.CutSilo => (5, 30),
        FaultKind.StepClock => (5, 30),
        FaultKind.FillDisk => (3, 15),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such kind."),
    };
}
