using System.Diagnostics.Metrics;

namespace SynthStudio.Catalog.Audit;

/// <summary>What audit trails count.</summary>
internal static class AuditMeter
{
    private static readonly Meter Meter = new(CatalogTelemetry.Name);
    private static long _unsound;

    // Told from the first trail on, when it is still zero: an alert does not see a figure rise that begins above it.
    static AuditMeter() => Meter.CreateObservableCounter(
        "synthstudio.audit.unsound",
        () => Interlocked.Read(ref _unsound),
        "{end}",
        "New ends of audit trails that were not signed, because they do not follow from those that were.");

    public static void NotSound(int ends) => Interlocked.Add(ref _unsound, ends);
}
