using Microsoft.Extensions.Hosting;

namespace SynthStudio.Compute;

/// <summary>
/// Lets the trainings of a silo begin to leave before any service of its process stops: the web server stops first and waits for open calls, for as long as
/// all have together, and a download would take the time in which workers write checkpoints. The silo still serves then, and owners hear of them.
/// </summary>
/// <param name="service">What runs them.</param>
internal sealed class ComputeHandOver(ComputeService service) : IHostedLifecycleService
{
    /// <summary>
    /// Does not wait: who stops waits for the runs when the silo stops. A host that has no time
    /// left says so at once, and ends as by a power cut.
    /// </summary>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (!cancellationToken.IsCancellationRequested) service.BeginLeaving();
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
