using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SynthStudio.Api.Readiness;

/// <summary>
/// Unhealthy from the moment the process is asked to stop. Before anything of it stops it waits for a while, in which it serves as before
/// and says that it is not ready: time for those who give out its address to take it off their lists.
/// </summary>
/// <param name="delay">How long it waits; zero for not at all.</param>
/// <param name="lifetime">Says that the process is asked to stop.</param>
/// <param name="time">Measures the wait.</param>
internal sealed class Leaving(TimeSpan delay, IHostApplicationLifetime lifetime, TimeProvider time) : IHealthCheck, IHostedLifecycleService
{
    private readonly Lock _gate = new();
    private Task? _wait;

    /// <summary>The process was asked to stop: ends when it is time to.</summary>
    public Task WaitAsync()
    {
        lock (_gate) return _wait ??= Task.Delay(delay, time);
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        _wait is not null || lifetime.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy("The process is about to stop.") : HealthCheckResult.Healthy());

    /// <summary>Comes before the first service stops; a host that is stopped twice waits once.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => WaitAsync().WaitAsync(cancellationToken);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
