using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SynthStudio.Api.Readiness;

/// <summary>Healthy while the scheduler grain answers: jobs can be made and asked after.</summary>
internal sealed class GrainHealth(IGrainFactory grains) : IHealthCheck
{
    /// <summary>
    /// Asks it for next to nothing; throws when it does not answer. Every replica asks every few seconds, for as long as it lives: the
    /// answer must not grow with silos, jobs and projects, and a scheduler of an earlier version must know the question.
    /// </summary>
    public Task AskAsync(CancellationToken cancellation) => grains.GetGrain<ISchedulerGrain>(0).GetShareAsync("projects/-").WaitAsync(cancellation);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await AskAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is TimeoutException or OrleansException or System.Data.Common.DbException)
        {
            return HealthCheckResult.Unhealthy("The scheduler grain does not answer.", e);
        }
    }
}
