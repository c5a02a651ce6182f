using System.Diagnostics.Metrics;

namespace SynthStudio.Catalog.Audit;

/// <summary>What audit trails count.</summary>
internal static class AuditMeter
{
    private static readonly Meter Meter = new(CatalogTelemetry.Name);
    private static long _unsound, _lostOutcomes;

    // Told from the first trail on, when it is still zero: an alert does not see a figure rise that begins above it.
    static AuditMeter()
    {
        Meter.CreateObservableCounter(
            "synthstudio.audit.unsound",
            () => Interlocked.Read(ref _unsound),
            "{end}",
            "New ends of audit trails that were not signed, because they do not follow from those that were.");
        Meter.CreateObservableCounter(
            "synthstudio.audit.lost.outcomes",
            () => Interlocked.Read(ref _lostOutcomes),
            "{call}",
            "Calls whose audit trail says that they began and, as it could not be written, not how they ended.");
    }

    public static void NotSound(int ends) => Interlocked.Add(ref _unsound, ends);

    public static void OutcomeLost() => Interlocked.Increment(ref _lostOutcomes);
}
