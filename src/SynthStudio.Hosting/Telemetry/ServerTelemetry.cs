using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using SynthStudio.Api.Telemetry;
using SynthStudio.Catalog;
using SynthStudio.Compute;
using OrchestrationTelemetry = SynthStudio.Orchestration.Telemetry;

namespace SynthStudio.Hosting;

/// <summary>Figures for Prometheus and traces for an OpenTelemetry collector. Neither holds a value of a table.</summary>
internal static class ServerTelemetry
{
    private static readonly string[] Meters =
    [
        OrchestrationTelemetry.Name, ComputeTelemetry.Name, ApiTelemetry.Name, CatalogTelemetry.Name,
        "Microsoft.Orleans", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql",
    ];

    private static readonly string[] Sources =
    [
        OrchestrationTelemetry.Name, ComputeTelemetry.Name,
        "Microsoft.Orleans.Application", "Microsoft.Orleans.Storage", "Npgsql",
    ];

    public static void AddServerTelemetry(this IServiceCollection services, ServerOptions options)
    {
        var settings = options.Telemetry;
        if (!settings.HasMetrics && !settings.HasTraces) return;

        var telemetry = services.AddOpenTelemetry().ConfigureResource(
            resource => resource.AddService($"synthstudio-{options.Role.ToString().ToLowerInvariant()}", serviceInstanceId: Environment.MachineName));
        if (settings.HasMetrics)
        {
            telemetry.WithMetrics(metrics => metrics.AddMeter(Meters).AddPrometheusExporter());
            OrchestrationTelemetry.TellFromZero();
            ApiTelemetry.TellFromZero();
        }

        if (settings.HasTraces)
        {
            telemetry.WithTracing(traces => traces
                .AddSource(Sources)
                .AddAspNetCoreInstrumentation()
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(settings.TraceShare)))
                .AddOtlpExporter(otlp =>
                {
                    otlp.Endpoint = new Uri(settings.OtlpEndpoint);
                    otlp.Protocol = settings.OtlpProtocol == "http" ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
                }));
        }
    }

    /// <summary>Traces go along with the calls of grains.</summary>
    public static void PropagateTraces(this ISiloBuilder silo, TelemetrySettings settings)
    {
        if (settings.HasTraces) silo.AddActivityPropagation();
    }

    /// <inheritdoc cref="PropagateTraces(ISiloBuilder, TelemetrySettings)"/>
    public static void PropagateTraces(this IClientBuilder client, TelemetrySettings settings)
    {
        if (settings.HasTraces) client.AddActivityPropagation();
    }

    /// <summary><c>/metrics</c>, on its own port only: the port is the connection's, not what a client writes into a header.</summary>
    public static void UseMetrics(this WebApplication app, TelemetrySettings settings)
    {
        if (!settings.HasMetrics) return;

        app.UseOpenTelemetryPrometheusScrapingEndpoint(
            context => context.Connection.LocalPort == settings.MetricsPort && context.Request.Path == "/metrics");
        app.UseWhen(context => context.Connection.LocalPort == settings.MetricsPort, rest => rest.Run(context =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        }));
    }
}
