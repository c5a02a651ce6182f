using System.Diagnostics.Metrics;

namespace SynthStudio.Orchestration;

/// <summary>What the scheduler shows and counts, on the silo where it is.</summary>
internal static class QueueMeter
{
    private static readonly Meter Meter = new(Telemetry.Name);

    private static long _granted, _refused, _lost, _gaveWay;
    private static volatile QueueFigures? figures;

    static QueueMeter()
    {
        Meter.CreateObservableCounter("synthstudio.leases", ShowLeases, "{lease}", "Leases by what happened: granted, refused by the silo, lost with it, or asked to give way.");
        Meter.CreateObservableGauge("synthstudio.queue.jobs", ShowJobs, "{job}", "Jobs in the queue: waiting, by the accelerator that they ask for and why they wait, or running, by the silo's.");
        Meter.CreateObservableGauge("synthstudio.queue.oldest_wait", ShowOldest, "s", "How long the job waits that waits longest.");
        Meter.CreateObservableGauge("synthstudio.silo.slots", ShowSlots, "{slot}", "Slots of each compute silo: all, those open to work (none of a silo that is cordoned, leaves or is silent), and taken.");
    }

    public static void Granted() => Interlocked.Increment(ref _granted);

    public static void Refused() => Interlocked.Increment(ref _refused);

    public static void Lost() => Interlocked.Increment(ref _lost);

    public static void GaveWay() => Interlocked.Increment(ref _gaveWay);

    /// <summary>Shows the queue as it stands; null when the scheduler is elsewhere.</summary>
    public static void Show(QueueFigures? now) => figures = now;

    private static IEnumerable<Measurement<long>> ShowLeases() =>
    [
        new(Interlocked.Read(ref _granted), new KeyValuePair<string, object?>("event", "granted")),
        new(Interlocked.Read(ref _refused), new KeyValuePair<string, object?>("event", "refused")),
        new(Interlocked.Read(ref _lost), new KeyValuePair<string, object?>("event", "lost")),
        new(Interlocked.Read(ref _gaveWay), new KeyValuePair<string, object?>("event", "gave_way")),
    ];

    private static IEnumerable<Measurement<long>> ShowJobs() => figures is null ? [] : figures.Jobs.Select(j => new Measurement<long>(
        j.Value, new("kind", j.Key.Kind.ToString()), new("accelerator", j.Key.Accelerator), new("state", j.Key.Reason.Length > 0 ? "waiting" : "running"), new("reason", j.Key.Reason)));

    private static IEnumerable<Measurement<double>> ShowOldest() => figures is null ? [] : [new(figures.OldestWait.TotalSeconds)];

    private static IEnumerable<Measurement<long>> ShowSlots() =>
        figures is null ? [] : figures.Slots.Select(s => new Measurement<long>(s.Count, new("silo", s.Silo), new("accelerator", s.Accelerator), new("state", s.State)));
}
