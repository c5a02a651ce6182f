using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace SynthStudio.Hosting;

/// <summary>OpenTelemetry: metrics for Prometheus, traces for a collector. What is not asked for is not set up.</summary>
internal static class TelemetryExtensions
{
    private const string Ours = "SynthStudio";
    private const string Orleans = "Microsoft.Orleans";
    private const string Database = "Npgsql";
    private const string MetricsPath = "/metrics";

    public static void AddServerTelemetry(this IServiceCollection services, TelemetrySettings settings, ServerRole role)
    {
        var traces = settings.OtlpEndpoint.Length > 0;
        if (settings.MetricsPort == 0 && !traces) return;

        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService($"synthstudio-{role.ToString().ToLowerInvariant()}"));
        if (settings.MetricsPort > 0)
        {
            services.AddHostedService<ClusterGauges>();
            telemetry.WithMetrics(metrics => metrics
                .AddMeter(Ours, Orleans, Database, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
                .AddPrometheusExporter());
        }

        if (traces)
        {
            telemetry.WithTracing(tracing => tracing
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(settings.TraceShare)))
                .AddSource(Ours, $"{Orleans}.Application", $"{Orleans}.Runtime", Database)
                .AddAspNetCoreInstrumentation()
                .AddOtlpExporter(exporter => exporter.Endpoint = new Uri(settings.OtlpEndpoint)));
        }
    }

    /// <summary>Answers <c>/metrics</c>, on its own port only: by the port the connection came in on, not by what the request says.</summary>
    public static void UseServerMetrics(this WebApplication app, TelemetrySettings settings)
    {
        if (settings.MetricsPort > 0)
            app.UseOpenTelemetryPrometheusScrapingEndpoint(http => http.Request.Path == MetricsPath && http.Connection.LocalPort == settings.MetricsPort);
    }
}
