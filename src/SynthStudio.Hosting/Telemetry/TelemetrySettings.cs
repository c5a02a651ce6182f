using System.ComponentModel.DataAnnotations;

namespace SynthStudio.Hosting;

/// <summary>What a process tells of itself; the section <c>SynthStudio:Telemetry</c>. Off by default.</summary>
public sealed class TelemetrySettings
{
    /// <summary>Port for Prometheus: <c>/metrics</c> answers here and nowhere else. Anyone who reaches it may read: keep it private. 0 for none.</summary>
    [Range(0, 65535, ErrorMessage = "must be 0 to 65535.")]
    public int MetricsPort { get; set; }

    /// <summary>Address of a collector that takes traces by OTLP over gRPC, for example <c>http://collector:4317</c>; empty for none.</summary>
    public string OtlpEndpoint { get; set; } = "";

    /// <summary>Share of the traces that are kept; those that a caller decided to keep are kept.</summary>
    [Range(0.0, 1.0, ErrorMessage = "must be 0 to 1.")]
    public double TraceShare { get; set; } = 0.1;
}
