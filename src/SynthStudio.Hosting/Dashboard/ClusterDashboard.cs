using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Orleans.Dashboard;
using SynthStudio.Api.Authorization;

namespace SynthStudio.Hosting;

/// <summary>
/// Orleans' own pages about grains and silos, for administrators, where <see cref="TelemetrySettings.Dashboard"/> says so. What would show states of grains,
/// which hold schemas, or lines of logs, is not there.
/// </summary>
internal static class ClusterDashboard
{
    public const string Path = "/dashboard";

    private static readonly PathString[] Withheld = [$"{Path}/GrainState", $"{Path}/Trace"];

    /// <summary>A silo counts its calls, for the pages that a replica of the API shows.</summary>
    public static void CountForDashboard(this ISiloBuilder silo, TelemetrySettings settings)
    {
        if (settings.Dashboard) silo.AddDashboard(Hide);
    }

    /// <summary>Asks the silos for what they counted.</summary>
    public static void CountForDashboard(this IClientBuilder client, TelemetrySettings settings)
    {
        if (settings.Dashboard) client.AddDashboard(Hide);
    }

    /// <summary>Serves the pages, beside the API.</summary>
    public static void MapDashboard(this WebApplication app, TelemetrySettings settings)
    {
        if (!settings.Dashboard) return;

        app.GuardOperatorPages(Path);
        app.UseWhen(
            context => Withheld.Any(path => context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase)),
            pages => pages.Run(context =>
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }));
        app.MapOrleansDashboard(Path);
    }

    private static void Hide(DashboardOptions options) => options.HideTrace = true;
}
