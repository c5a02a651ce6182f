using Microsoft.Extensions.Diagnostics.HealthChecks;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Readiness;

/// <summary>Healthy while the catalog answers.</summary>
internal sealed class CatalogHealth(ProjectStore projects) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await projects.FindAsync("projects/-", cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (System.Data.Common.DbException e)
        {
            return HealthCheckResult.Unhealthy("The catalog does not answer.", e);
        }
    }
}
