using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SynthStudio.Compute;

/// <summary>What the workers of this silo compute on: as set, else as the worker executable tells, which is asked once the start is over.</summary>
internal sealed class Accelerator(WorkerMethods worker, IOptions<ComputeOptions> options, TimeProvider time, ILogger<Accelerator> logger)
{
    private const string Cpu = "cpu";
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    private volatile string? found;

    /// <summary><c>cpu</c> or <c>cuda</c>. Every silo has a CPU, so it is that until more is known.</summary>
    public string Kind => options.Value.Accelerator is { Length: > 0 } set ? set : found ?? Cpu;

    /// <summary>Asks the worker, in a while and until it answers. Done at once when the kind is set.</summary>
    public async Task FindAsync(CancellationToken cancellation)
    {
        if (options.Value.Accelerator.Length > 0) return;

        for (var pause = options.Value.WarmDelay; found is null; pause = RetryAfter)
        {
            await Task.Delay(pause, time, cancellation);
            try
            {
                var devices = await worker.ListDevicesAsync(cancellation);
                ComputeLog.DevicesFound(logger, string.Join(", ", devices));
                found = devices.FirstOrDefault(d => d != Cpu) ?? Cpu;
            }
            catch (MethodsUnknownException)
            {
                // Logged where it was asked. A worker that does not start computes on nothing; another one may be installed.
            }
        }
    }
}
