using Microsoft.Extensions.Diagnostics.HealthChecks;
using SynthStudio.Storage;

namespace SynthStudio.Api.Readiness;

/// <summary>Healthy while the object store answers: tables, models and rows can be written and read.</summary>
internal sealed class ObjectsHealth(IObjectStore objects) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await objects.ProbeAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (StorageUnavailableException e)
        {
            return HealthCheckResult.Unhealthy("The object store does not answer.", e);
        }
    }
}
