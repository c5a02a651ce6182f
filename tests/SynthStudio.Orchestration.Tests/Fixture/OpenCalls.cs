using Microsoft.Extensions.Hosting;

namespace SynthStudio.Orchestration.Tests;

/// <summary>A service of the process that stops before the silo does, and takes as long for it as it is let: a web server with open calls.</summary>
internal sealed class OpenCalls : IHostedService
{
    private readonly TaskCompletionSource stops = new(TaskCreationOptions.RunContinuationsAsynchronously),
        ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the host has come to stop it.</summary>
    public Task Stops => stops.Task;

    public void End() => ended.TrySetResult();

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken)
    {
        stops.TrySetResult();
        return ended.Task.WaitAsync(cancellationToken);
    }
}
