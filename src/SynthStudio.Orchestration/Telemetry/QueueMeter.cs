using System.Diagnostics.Metrics;

namespace SynthStudio.Orchestration;

/// <summary>What the scheduler shows and counts, on the silo where it is.</summary>
internal static class QueueMeter
{
    private static readonly Meter Meter = new(Telemetry.Name);

    private static readonly Counter<long> Leases = Meter.CreateCounter<long>(
        "synthstudio.leases", "{lease}", "Leases by what happened: granted, refused by the silo, lost with it, or asked to give way.");

    private static volatile QueueFigures? figures;

    static QueueMeter()
    {
        Meter.CreateObservableGauge("synthstudio.queue.jobs", ShowJobs, "{job}", "Jobs in the queue, by kind, waiting or running.");
        Meter.CreateObservableGauge("synthstudio.queue.oldest_wait", ShowOldest, "s", "How long the job waits that waits longest.");
        Meter.CreateObservableGauge("synthstudio.silo.slots", ShowSlots, "{slot}", "Slots of each compute silo, all and taken.");
    }

    public static void Granted() => Leases.Add(1, new KeyValuePair<string, object?>("event", "granted"));

    public static void Refused() => Leases.Add(1, new KeyValuePair<string, object?>("event", "refused"));

    public static void Lost() => Leases.Add(1, new KeyValuePair<string, object?>("event", "lost"));

    public static void GaveWay() => Leases.Add(1, new KeyValuePair<string, object?>("event", "gave_way"));

    /// <summary>Shows the queue as it stands; null when the scheduler is elsewhere.</summary>
    public static void Show(QueueFigures? now) => figures = now;

    private static IEnumerable<Measurement<long>> ShowJobs() => figures is null ? [] : figures.Jobs.Select(j => new Measurement<long>(
        j.Value, new("kind", j.Key.Kind.ToString()), new("state", j.Key.Waits ? "waiting" : "running")));

    private static IEnumerable<Measurement<double>> ShowOldest() => figures is null ? [] : [new(figures.OldestWait.TotalSeconds)];

    private static IEnumerable<Measurement<long>> ShowSlots() => figures is null ? [] : figures.Silos.SelectMany(s => (Measurement<long>[])
    [
        new(s.Slots, new("silo", s.Name), new("accelerator", s.Accelerator), new("state", "all")),
        new(s.Leases.Count, new("silo", s.Name), new("accelerator", s.Accelerator), new("state", "taken")),
    ]);
}

/// <summary>The queue at one moment.</summary>
/// <param name="Jobs">Their number by kind, waiting or running.</param>
/// <param name="OldestWait">Of the job that waits longest; zero when none does.</param>
/// <param name="Silos">The compute silos as they last reported.</param>
internal sealed record QueueFigures(
    IReadOnlyDictionary<(WorkKind Kind, bool Waits), int> Jobs, TimeSpan OldestWait, IReadOnlyList<ComputeSilo> Silos)
{
    public static QueueFigures Of(IReadOnlyCollection<QueuedWork> queue, IReadOnlyList<ComputeSilo> silos, DateTimeOffset now)
    {
        var jobs = Enum.GetValues<WorkKind>().SelectMany(kind => new[] { (kind, true), (kind, false) }).ToDictionary(key => key, _ => 0);
        foreach (var work in queue) jobs[(work.Item.Kind, work.Holder is null)]++;
        var oldest = queue.Where(w => w.Holder is null).Select(w => (DateTimeOffset?)w.Item.EnqueueTime).Min();
        return new(jobs, now - oldest is { Ticks: > 0 } wait ? wait : TimeSpan.Zero, silos);
    }
}
