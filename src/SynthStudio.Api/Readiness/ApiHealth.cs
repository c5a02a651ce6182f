using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SynthStudio.Api.Readiness;

/// <summary>
/// Two questions, over HTTP and by gRPC. Live: does this process answer; a no calls for a restart. Ready: do the catalog, the grains and the object store
/// answer it, and is it here to stay; a no calls for patience, and for other replicas. Answers of others are a second old at most (<see cref="RecentHealth{TCheck}"/>).
/// </summary>
public static class ApiHealth
{
    /// <summary>The gRPC health service's name for the first question; the empty name is the second.</summary>
    public const string Live = "live";

    private const string Process = "process";

    /// <summary>
    /// Adds the checks. Asks for the catalog, the storage, an <see cref="IGrainFactory"/> and
    /// <see cref="TimeProvider"/>; the answer by gRPC needs gRPC.
    /// </summary>
    /// <param name="services">Where to add.</param>
    /// <param name="leavingDelay">How long the process says that it is not ready, and serves, before it stops.</param>
    public static IHealthChecksBuilder AddSynthStudioHealth(this IServiceCollection services, TimeSpan leavingDelay = default) => services
        .AddSingleton(provider => new Leaving(
            leavingDelay, provider.GetRequiredService<IHostApplicationLifetime>(), provider.GetRequiredService<TimeProvider>()))
        .AddHostedService(provider => provider.GetRequiredService<Leaving>())
        .AddSingleton<CatalogHealth>().AddSingleton<GrainHealth>().AddSingleton<ObjectsHealth>()
        .AddSingleton<RecentHealth<CatalogHealth>>().AddSingleton<RecentHealth<GrainHealth>>().AddSingleton<RecentHealth<ObjectsHealth>>()
        .AddSingleton<IHealthCheckPublisher, HealthMeter>()
        .AddGrpcHealthChecks(grpc => grpc.Services.Map(Live, check => check.Name == Process))
        .AddCheck(Process, () => HealthCheckResult.Healthy()) // Who can answer, lives.
        .AddCheck<RecentHealth<CatalogHealth>>("catalog")
        .AddCheck<RecentHealth<GrainHealth>>("grains")
        .AddCheck<RecentHealth<ObjectsHealth>>("objects")
        .AddCheck<Leaving>("leaving");

    public static void MapSynthStudioHealth(this WebApplication app)
    {
        app.MapGrpcHealthChecksService();
        app.MapHealthChecks("/healthz");
        app.MapHealthChecks("/healthz/ready", new HealthCheckOptions { ResponseWriter = WriteAsync });
        app.MapHealthChecks("/healthz/live", new HealthCheckOptions { ResponseWriter = WriteAsync, Predicate = check => check.Name == Process });
    }

    /// <summary>The status, and that of each check by its name. Anyone may ask: causes are in the log only.</summary>
    private static async Task WriteAsync(HttpContext http, HealthReport report)
    {
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", report.Status.ToString());
        json.WriteStartObject("checks");
        foreach (var (name, entry) in report.Entries) json.WriteString(name, entry.Status.ToString());
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
