using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SynthStudio.Compute;

/// <summary>
/// What the workers of this silo compute on: as set, and no more than the worker executable sees, which is asked once the start is over,
/// after a job that found its accelerator gone, and every while as long as it sees fewer than it should.
/// </summary>
internal sealed class Accelerator(WorkerMethods worker, IGpuMemoryReader gpus, IOptions<ComputeOptions> options, ILogger<Accelerator> logger) : IDisposable
{
    /// <summary>How a worker fails that does not find its accelerator.</summary>
    private const string Unavailable = "DEVICE_UNAVAILABLE";

    private const string Cpu = "cpu";

    private readonly SemaphoreSlim doubts = new(0, 1);
    private volatile Sight sight = new(null, Cpu, 0);
    private long memory;

    /// <summary>Every silo has a CPU, so it is that until more is known.</summary>
    public AcceleratorOffer Offer
    {
        get
        {
            var now = sight;
            var (kind, wanted) = Wanted(now);
            var count = now.Devices is null ? wanted : Math.Min(wanted, now.Count(kind));
            return new(
                count > 0 ? kind : Cpu, count, count > 0 ? MemoryOfEach : 0,
                now.Devices is null ? "" : KindOf(now.Accelerators.FirstOrDefault() ?? Cpu));
        }
    }

    private long MemoryOfEach => options.Value.AcceleratorMemoryBytes > 0 ? options.Value.AcceleratorMemoryBytes : Interlocked.Read(ref memory);

    /// <summary>Watches what the worker sees, and says when that changed.</summary>
    public async Task WatchAsync(Action changed, CancellationToken cancellation)
    {
        ReadMemory();
        for (var pause = options.Value.WarmDelay; ; pause = IsWhole() ? Timeout.InfiniteTimeSpan : options.Value.DevicePeriod)
        {
            await doubts.WaitAsync(pause, cancellation);
            if (await LookAsync(cancellation)) changed();
        }
    }

    /// <summary>A run is over: when it did not find its accelerator, what the worker sees is looked at again.</summary>
    public void Heed(WorkUpdate end)
    {
        if (end is not WorkFailed { Error.Reason: Unavailable }) return;

        try
        {
            doubts.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is going to be asked already.
        }
    }

    public void Dispose() => doubts.Dispose();

    /// <summary>Whether the silo has all that it is to offer, as far as is known.</summary>
    private bool IsWhole() => sight is { Devices: not null } now && Wanted(now) is var (kind, count) && now.Count(kind) >= count;

    /// <summary>What the silo is to offer: as set, else the most that was seen.</summary>
    private (string Kind, int Count) Wanted(Sight now)
    {
        var kind = options.Value.Accelerator is { Length: > 0 } set ? set : now.Kind;
        return (kind, kind == Cpu ? 0 : options.Value.Accelerators > 0 ? options.Value.Accelerators : Math.Max(1, now.Most));
    }

    /// <summary>Asks the worker. True when it sees something else than before.</summary>
    private async Task<bool> LookAsync(CancellationToken cancellation)
    {
        var before = sight;
        try
        {
            var seen = before.Devices is null ? await worker.ListDevicesAsync(cancellation) : await worker.LookAtDevicesAsync(cancellation);
            if (before.Devices is { } known && known.SequenceEqual(seen)) return false;

            ReadMemory();
            sight = before.With(seen, options.Value.Accelerator);
            var devices = string.Join(", ", seen);
            ComputeLog.DevicesFound(logger, devices);
            if (!IsWhole()) ComputeLog.AcceleratorsMissing(logger, Wanted(sight).Count, Wanted(sight).Kind, devices, Offer.Count, options.Value.DevicePeriod);
            return true;
        }
        catch (MethodsUnknownException)
        {
            // Logged where it was asked. A worker that does not start computes on nothing; another one may be installed.
            return false;
        }
    }

    /// <summary>
    /// Of different GPUs the smallest counts: any may be the one that a job gets. Read apart from
    /// <see cref="Offer"/>, which must not wait for a driver.
    /// </summary>
    private void ReadMemory() =>
        Interlocked.Exchange(ref memory, gpus.Read().Select(gpu => gpu.Total).Where(total => total > 0).DefaultIfEmpty().Min());

    /// <summary><c>cuda</c> of <c>cuda:1</c>.</summary>
    private static string KindOf(string device) => device.Split(':')[0];

    /// <summary>What the worker saw.</summary>
    /// <param name="Devices">Last; null before it was asked.</param>
    /// <param name="Kind">Of the accelerators that it ever saw; <c>cpu</c> for none.</param>
    /// <param name="Most">As many of the kind as it ever saw.</param>
    private sealed record Sight(IReadOnlyList<string>? Devices, string Kind, int Most)
    {
        public IEnumerable<string> Accelerators => Devices?.Where(d => d != Cpu) ?? [];

        public int Count(string kind) => Accelerators.Count(d => KindOf(d) == kind);

        public Sight With(IReadOnlyList<string> seen, string set)
        {
            var now = new Sight(seen, Kind, Most);
            var kind = Kind == Cpu && now.Accelerators.FirstOrDefault() is { } first ? KindOf(first) : Kind;
            return now with { Kind = kind, Most = Math.Max(Most, now.Count(set.Length > 0 ? set : kind)) };
        }
    }
}
