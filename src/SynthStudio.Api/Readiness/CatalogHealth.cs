using Microsoft.Extensions.Diagnostics.HealthChecks;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Readiness;

/// <summary>Healthy while the catalog answers.</summary>
internal sealed class CatalogHealth(ProjectStore projects) : IHealthCheck
{
    /// <summary>Asks it for next to nothing; throws when it does not answer.</summary>
    public Task AskAsync(CancellationToken cancellation) => projects.FindAsync("projects/-", cancellation);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await AskAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (System.Data.Common.DbException e)
        {
            return HealthCheckResult.Unhealthy("The catalog does not answer.", e);
        }
    }
}
