using System.Diagnostics.Metrics;

namespace SynthStudio.Catalog.Audit;

/// <summary>What audit trails count.</summary>
internal static class AuditMeter
{
    private static readonly Meter Meter = new(CatalogTelemetry.Name);

    private static readonly Counter<long> Refused = Meter.CreateCounter<long>(
        "synthstudio.audit.unsound", "{end}", "New ends of audit trails that were not signed, because they do not follow from those that were.");

    public static void NotSound() => Refused.Add(1);
}
