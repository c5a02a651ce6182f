using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SynthStudio.Api.Readiness;

/// <summary>
/// A check that asks other machines, made once a second at most however many ask: anyone may, without a key and without a limit. Who comes meanwhile gets the
/// answer of the one that is under way, or the newest. One that takes longer than <see cref="Patience"/> is unhealthy.
/// </summary>
public sealed class RecentHealth<TCheck>(TCheck check, TimeProvider time) : IHealthCheck where TCheck : class, IHealthCheck
{
    /// <summary>How long an answer is good, from when it was asked for.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);

    /// <summary>Time that a check has.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _turn = new();
    private Task<HealthCheckResult>? _newest;
    private long _begun;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        lock (_turn)
        {
            if (_newest is null || (_newest.IsCompleted && time.GetElapsedTime(_begun) >= Lifetime))
            {
                _begun = time.GetTimestamp();
                _newest = Task.Run(() => MakeAsync(context), CancellationToken.None); // Whoever began it may leave: others wait for it too.
            }

            return _newest.WaitAsync(cancellationToken);
        }
    }

    private async Task<HealthCheckResult> MakeAsync(HealthCheckContext context)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        try
        {
            return await check.CheckHealthAsync(context, limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception e)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, limit.IsCancellationRequested ? $"No answer within {Patience}." : e.Message, e);
        }
    }
}
