using Microsoft.Extensions.Logging;

namespace SynthStudio.Hosting;

/// <summary>An API replica that starts before the silos waits for them.</summary>
internal sealed class WaitForSilos(TimeProvider time, ILogger<WaitForSilos> logger) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        HostingLog.NoSilo(logger, exception.Message);
        await Task.Delay(Pause, time, cancellationToken);
        return true;
    }
}
