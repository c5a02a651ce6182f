using System.ComponentModel.DataAnnotations;

namespace SynthStudio.Hosting;

/// <summary>Where figures and traces go; the section <c>SynthStudio:Telemetry</c>. Nowhere by default.</summary>
public sealed class TelemetrySettings : IValidatableObject
{
    /// <summary>Port of <c>/metrics</c> for Prometheus, and of nothing else; 0 for none. It asks for no key: keep it from clients.</summary>
    [Range(0, 65535, ErrorMessage = "must be 0 (for none) to 65535.")]
    public int MetricsPort { get; set; }

    /// <summary>Where traces go, for example <c>http://collector:4317</c>, or <c>http://collector:4318/v1/traces</c> over HTTP; empty for nowhere.</summary>
    public string OtlpEndpoint { get; set; } = "";

    /// <summary>How they go there: OTLP by <c>grpc</c> or <c>http</c>.</summary>
    [RegularExpression("grpc|http", ErrorMessage = "must be grpc or http.")]
    public string OtlpProtocol { get; set; } = "grpc";

    /// <summary>Share of the requests that begin a trace here, 0 to 1. A request that brings a trace along is in it if that is.</summary>
    [Range(0.0, 1.0, ErrorMessage = "must be 0 to 1.")]
    public double TraceShare { get; set; } = 1;

    /// <summary>
    /// Whether silos count calls of grains, and replicas of the API show that at <c>/dashboard</c>, to administrators only. For silos and replicas alike; each
    /// call of a grain then costs a little more.
    /// </summary>
    public bool Dashboard { get; set; }

    internal bool HasMetrics => MetricsPort > 0;

    internal bool HasTraces => OtlpEndpoint.Length > 0;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (HasTraces && !(Uri.TryCreate(OtlpEndpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            yield return new("must be an address like http://collector:4317.", [nameof(OtlpEndpoint)]);
    }
}
