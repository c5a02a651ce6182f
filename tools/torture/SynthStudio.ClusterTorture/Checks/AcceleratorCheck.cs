using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Grpc.Core;

namespace SynthStudio.ClusterTorture;

/// <summary>
/// The promise about accelerators: what needs one runs only on the silo that has one, and while that one is away it waits and says so.
/// Looks at the queue and asks the API while faults strike.
/// </summary>
internal sealed class AcceleratorCheck(TortureCluster cluster, FaultStriker striker, Journal journal)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// After this the scheduler has said that a silo is gone. Time does not count while another fault can keep it from looking: what is
    /// told is then what it saw last.
    /// </summary>
    private static readonly TimeSpan Known = TimeSpan.FromSeconds(60);

    /// <summary>What a job may say that waits for a silo which is gone or rests, or for the time to try again.</summary>
    private static readonly string[] Reasons = ["NO_CAPABLE_SILO", "SILOS_SILENT", "SILOS_RESTING", "BACKING_OFF"];

    private readonly ConcurrentDictionary<string, byte> _broken = [];
    private readonly ConcurrentDictionary<string, int> _reasons = [];
    private readonly Stopwatch _gone = new();
    private int _held;

    private Node Owner => cluster.Nodes.Single(n => n.Role == NodeRole.Compute);

    /// <summary>Looks until it is told to stop.</summary>
    public async Task WatchAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (Owner.Process is not null) _gone.Reset();
            else if (striker.KeepsSchedulerFromLooking) _gone.Stop();
            else _gone.Start();
            foreach (var (job, holder) in await cluster.AcceleratedAsync())
            {
                if (holder.Length == 0) await AskAsync(job, stop);
                else if (holder.Contains(string.Create(CultureInfo.InvariantCulture, $":{Owner.SiloPort}@"), StringComparison.Ordinal)) _held++;
                else _broken.TryAdd($"{job} was given to {holder}", 0);
            }

            await Task.Delay(Look, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What came of it.</summary>
    public Finding Check() => new(
        "what needs an accelerator ran only where there is one, and waited with its reason", journal.Jobs.Values.Count(j => j.NeedsAccelerator), [.. _broken.Keys]);

    /// <summary>In words.</summary>
    public override string ToString() =>
        $"jobs that need an accelerator: seen at its silo {_held} times, waiting: {string.Join(", ", _reasons.OrderByDescending(r => r.Value).Select(r => $"{r.Value} {r.Key}"))}";

    private async Task AskAsync(string job, CancellationToken stop)
    {
        try
        {
            var asked = await new JobService.JobServiceClient(cluster.Replicas[0]).GetJobAsync(
                new GetJobRequest { Name = job }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(2), cancellationToken: stop);
            if (asked.Queue is not { Reason: var reason }) return;
            _reasons.AddOrUpdate(reason, 1, (_, count) => count + 1);
            if (_gone.Elapsed > Known && Owner.Process is null && !Reasons.Contains(reason)) _broken.TryAdd($"{job} waits for a silo that is gone, and says {reason}", 0);
        }
        catch (RpcException)
        {
            // Not now.
        }
    }
}
