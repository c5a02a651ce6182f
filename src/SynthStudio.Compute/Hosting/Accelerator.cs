using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SynthStudio.Compute;

/// <summary>What the workers of this silo compute on: as set, else as the worker executable tells, which is asked in any case once the start is over.</summary>
internal sealed class Accelerator(WorkerMethods worker, IOptions<ComputeOptions> options, TimeProvider time, ILogger<Accelerator> logger)
{
    private const string Cpu = "cpu";
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    private volatile IReadOnlyList<string>? devices;

    /// <summary><c>cpu</c> or <c>cuda</c>. Every silo has a CPU, so it is that until more is known.</summary>
    public string Kind => options.Value.Accelerator is { Length: > 0 } set ? set : Found.FirstOrDefault() is { } first ? KindOf(first) : Cpu;

    /// <summary>Accelerators of that kind; 0 for the CPU.</summary>
    public int Count => Kind == Cpu ? 0 : options.Value.Accelerators > 0 ? options.Value.Accelerators : Math.Max(1, Found.Count(d => KindOf(d) == Kind));

    /// <summary>What libtorch of the workers is built for, as far as is known: empty before the worker was asked.</summary>
    public string Backend => devices is null ? "" : Found.FirstOrDefault() is { } first ? KindOf(first) : Cpu;

    private IEnumerable<string> Found => devices?.Where(d => d != Cpu) ?? [];

    /// <summary>Asks the worker, in a while and until it answers.</summary>
    public async Task FindAsync(CancellationToken cancellation)
    {
        for (var pause = options.Value.WarmDelay; devices is null; pause = RetryAfter)
        {
            await Task.Delay(pause, time, cancellation);
            try
            {
                var seen = await worker.ListDevicesAsync(cancellation);
                ComputeLog.DevicesFound(logger, string.Join(", ", seen));
                devices = seen;
            }
            catch (MethodsUnknownException)
            {
                // Logged where it was asked. A worker that does not start computes on nothing; another one may be installed.
            }
        }
    }

    /// <summary><c>cuda</c> of <c>cuda:1</c>.</summary>
    private static string KindOf(string device) => device.Split(':')[0];
}
