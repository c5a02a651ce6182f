using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SynthStudio.Api.Telemetry;

namespace SynthStudio.Api.Readiness;

/// <summary>The checks as a figure, as they were made last for who watches them by gRPC: every half minute.</summary>
internal sealed class HealthMeter : IHealthCheckPublisher
{
    private static readonly Meter Meter = new(ApiTelemetry.Name);

    private static volatile Measurement<double>[] _shown = [];

    static HealthMeter() => Meter.CreateObservableGauge<double>(
        "synthstudio.health", () => _shown, "{check}", "How this process finds what it needs, by check: 1 healthy, 0.5 degraded, 0 unhealthy.");

    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        _shown = [.. report.Entries.Select(entry => new Measurement<double>(Value(entry.Value.Status), new KeyValuePair<string, object?>("check", entry.Key)))];
        return Task.CompletedTask;
    }

    private static double Value(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => 1,
        HealthStatus.Degraded => 0.5,
        _ => 0,
    };
}
