using System.Collections.Concurrent;
using System.Diagnostics;

namespace SynthStudio.ClusterTorture;

/// <summary>Does to the cluster what the schedule says, and takes it back.</summary>
internal sealed class FaultStriker(TortureCluster cluster, Func<TimeSpan> now, Action<string> say)
{
    private const double RefusedShare = 0.5, BrokenShare = 0.05;
    private static readonly TimeSpan LookForWorker = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan WorkerPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan SlowPiece = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan WorkersLeave = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan WorkersLook = TimeSpan.FromSeconds(1);

    /// <summary>
    /// One at work is killed long before. One that had just ended its job, and stays with its model for the next, is let go after five
    /// minutes: nobody waits for it.
    /// </summary>
    private static readonly TimeSpan HangPatience = TimeSpan.FromMinutes(6);

    private int _keeping;

    /// <summary>Workers that outlived their silo.</summary>
    public ConcurrentBag<string> LeftWorkers { get; } = [];

    /// <summary>Workers that hung for good and that nobody ended.</summary>
    public ConcurrentBag<string> Hanging { get; } = [];

    /// <summary>Silos that the others had given up and that served on all the same.</summary>
    public ConcurrentBag<string> Undead { get; } = [];

    /// <summary>Whether a fault strikes now that can keep the scheduler from looking: one of its silos, of the database, or between them.</summary>
    public bool KeepsSchedulerFromLooking => Volatile.Read(ref _keeping) > 0;

    /// <summary>The kinds that can be struck on this machine.</summary>
    public static IReadOnlyList<FaultKind> Possible(TortureCluster cluster) =>
    [
        .. Enum.GetValues<FaultKind>().Where(kind => kind switch
        {
            FaultKind.StepClock => FakeClock.IsPossible,
            FaultKind.FillDisk => cluster.Nodes.Any(n => n.Disk is not null),
            _ => true,
        }),
    ];

    /// <summary>Strikes a fault again, each time at who comes next, until it hits something or there is no time left.</summary>
    /// <returns>The last of them.</returns>
    public static async Task<StruckFault> UntilHitAsync(PlannedFault plan, Func<PlannedFault, Task<StruckFault>> strike, Func<bool> isTime)
    {
        for (; ; await Task.Delay(LookForWorker))
        {
            var struck = await strike(plan);
            if (struck.Hit || !isTime()) return struck;
            plan = plan with { Target = plan.Target + 1 };
        }
    }

    /// <summary>Strikes a fault and waits until it is over. Of what it hits, one thing at a time goes wrong.</summary>
    public async Task<StruckFault> StrikeAsync(PlannedFault plan)
    {
        var keeps = plan.Kind is FaultKind.KillSilo or FaultKind.StallSilo or FaultKind.RestartPostgres or FaultKind.CrashPostgres
            or FaultKind.CutFromPostgres or FaultKind.CutTwoSilos or FaultKind.CutSilo;
        if (keeps) Interlocked.Increment(ref _keeping);
        StruckFault struck;
        try
        {
            struck = await HitAsync(plan);
        }
        finally
        {
            if (keeps) Interlocked.Decrement(ref _keeping);
        }

        var missed = struck.Hit ? "" : ", struck nothing";
        say($"{struck.Struck:mm\\:ss} {plan.Number,3} {plan.Kind} {struck.Target} {plan.Duration.TotalSeconds:0} s{missed}");
        return struck;
    }

    private Task<StruckFault> HitAsync(PlannedFault plan) => plan.Kind switch
    {
        FaultKind.KillWorker => WorkerAsync(plan, "KILL"),
        FaultKind.StallWorker or FaultKind.HangWorker => WorkerAsync(plan, "STOP"),
        FaultKind.KillSilo => KillAsync(plan, Silos),
        FaultKind.LoseAccelerator => KillAsync(plan, [.. Silos.Where(s => s.Role == NodeRole.Compute)]),
        FaultKind.KillApi => KillAsync(plan, Apis),
        FaultKind.StallSilo => StallAsync(plan, Silos),
        FaultKind.StallApi => StallAsync(plan, Apis),
        FaultKind.RestartPostgres => ServerAsync(
            plan, TortureCluster.Database,
            () => cluster.Servers.Postgres.Stop(), () => cluster.Servers.Postgres.RestartAsync(default)),
        FaultKind.CrashPostgres => ServerAsync(
            plan, TortureCluster.Database,
            () => cluster.Servers.Postgres.Kill(), () => cluster.Servers.Postgres.RestartAsync(default)),
        FaultKind.KillRedis => ServerAsync(
            plan, TortureCluster.Cache,
            () => cluster.Servers.Redis.Kill(), () => cluster.Servers.Redis.RestartAsync(default)),
        FaultKind.StallRedis => ServerAsync(plan, TortureCluster.Cache, () => cluster.Servers.Redis.Suspend(), () =>
        {
            cluster.Servers.Redis.Resume();
            return Task.CompletedTask;
        }),
        FaultKind.KillS3 => ServerAsync(plan, TortureCluster.Store, () => cluster.Servers.S3.Kill(), () => cluster.Servers.S3.RestartAsync(default)),
        FaultKind.FailS3 => StoreWeatherAsync(plan, new Weather(Refuses: RefusedShare, Breaks: BrokenShare)),
        FaultKind.SlowS3 => StoreWeatherAsync(plan, new Weather(Delay: SlowPiece)),
        FaultKind.CutFromPostgres => CutFromPostgresAsync(plan),
        FaultKind.CutTwoSilos => CutSilosAsync(plan, all: false),
        FaultKind.CutSilo => CutSilosAsync(plan, all: true),
        FaultKind.StepClock => StepClockAsync(plan),
        FaultKind.FillDisk => FillDiskAsync(plan),
        _ => throw new ArgumentOutOfRangeException(nameof(plan), plan.Kind, "There is no such kind."),
    };

    private IReadOnlyList<Node> Silos => [.. cluster.Nodes.Where(n => n.Role != NodeRole.Api)];

    private IReadOnlyList<Node> Apis => [.. cluster.Nodes.Where(n => n.Role == NodeRole.Api)];

    private async Task<StruckFault> KillAsync(PlannedFault plan, IReadOnlyList<Node> nodes)
    {
        var node = nodes[plan.Target % nodes.Count];
        using var entered = await EnterAsync(node.Gate);
        await LivesAsync(node);
        var leases = await cluster.LeasesOfAsync(node);
        var workers = node.Process?.Workers() ?? [];
        var at = now();
        var hit = await node.KillAsync(plan.Duration);
        _ = MustLeaveAsync(node.Name, workers);
        return new(plan, node.Name, at, at, leases, hit);
    }

    /// <summary>Workers whose silo is gone end by themselves, those that another fault has stopped once they go on.</summary>
    private async Task MustLeaveAsync(string silo, IReadOnlyList<int> workers)
    {
        for (var free = TimeSpan.Zero; free < WorkersLeave; free = workers.Any(IsStopped) ? TimeSpan.Zero : free + WorkersLook) await Task.Delay(WorkersLook);
        foreach (var left in workers.Where(IsAlive)) LeftWorkers.Add($"worker {left} of {silo}");
    }

    private async Task<StruckFault> StallAsync(PlannedFault plan, IReadOnlyList<Node> nodes)
    {
        var node = nodes[plan.Target % nodes.Count];
        using var entered = await EnterAsync(node.Gate);
        await LivesAsync(node);
        var (leases, process, at) = (await cluster.LeasesOfAsync(node), node.ProcessId, now());
        if (process is not { } stalled) return new(plan, node.Name, at, at, leases, Hit: false);
        var workers = node.Process?.Workers() ?? [];
        var fate = node.SiloPort > 0 ? new StalledSilo(cluster, node, now) : null;
        if (!await Signals.SendAsync(stalled, "STOP")) return new(plan, node.Name, at, at, leases, Hit: false);
        var watching = fate?.WatchAsync(at);
        await Task.Delay(plan.Duration);
        await Signals.SendAsync(stalled, "CONT");
        var over = now();
        if (fate is null) return new(plan, node.Name, at, over, leases);
        var told = await fate.EndAsync(watching!, over);
        if (fate.WentOn) Undead.Add($"{node.Name} was declared dead and went on");
        if (fate.Ended is not null) _ = MustLeaveAsync(node.Name, workers);
        return new(plan, $"{node.Name}: {told};", at, over, leases);
    }

    private async Task<StruckFault> WorkerAsync(PlannedFault plan, string signal)
    {
        for (var began = now(); ; await Task.Delay(LookForWorker))
        {
            foreach (var silo in Silos.Skip(plan.Target % Silos.Count).Concat(Silos))
            {
                var leases = await cluster.LeasesOfAsync(silo);
                if (leases.Count == 0 || Busiest(silo.Process?.Workers() ?? []) is not { } worker) continue;
                var at = now();
                if (!await Signals.SendAsync(worker, signal)) continue;
                if (plan.Kind == FaultKind.HangWorker)
                {
                    await MustBeKilledAsync(worker, silo.Name);
                }
                else if (signal == "STOP")
                {
                    await Task.Delay(plan.Duration);
                    await Signals.SendAsync(worker, "CONT");
                }

                return new(plan, $"worker of {silo.Name}", at, now(), leases);
            }

            if (now() - began > WorkerPatience) return new(plan, "nobody: no worker was at work", now(), now(), [], Hit: false);
        }
    }

    /// <summary>
    /// Nobody lets it go on: its silo kills it, or, where that dies itself, the next one does not have it. It is freed then, to see that it
    /// leaves.
    /// </summary>
    private async Task MustBeKilledAsync(int worker, string silo)
    {
        for (var waited = Stopwatch.StartNew(); IsAlive(worker) && waited.Elapsed < HangPatience;) await Task.Delay(LookForWorker);
        if (!IsAlive(worker)) return;

        if (cluster.Nodes.Any(n => n.Process?.Workers().Contains(worker) == true)) Hanging.Add($"worker {worker} of {silo} after {HangPatience.TotalSeconds:0} s");
        await Signals.SendAsync(worker, "CONT");
    }

    private async Task<StruckFault> ServerAsync(PlannedFault plan, string name, Action stop, Func<Task> start)
    {
        using var entered = await EnterAsync(cluster.Gates[name]);
        var at = now();
        stop();
        await Task.Delay(plan.Duration);
        await start();
        return new(plan, name, at, now(), []);
    }

    private async Task<StruckFault> StoreWeatherAsync(PlannedFault plan, Weather weather)
    {
        using var entered = await EnterAsync(cluster.Gates[TortureCluster.Store]);
        var at = now();
        cluster.Network.Set("*", TortureCluster.Store, weather);
        await Task.Delay(plan.Duration);
        cluster.Network.Clear("*", TortureCluster.Store);
        return new(plan, TortureCluster.Store, at, now(), []);
    }

    private async Task<StruckFault> CutFromPostgresAsync(PlannedFault plan)
    {
        var node = cluster.Nodes[plan.Target % cluster.Nodes.Count];
        using var entered = await EnterAsync(node.Gate);
        var (leases, at, lived) = (await cluster.LeasesOfAsync(node), now(), Lives(node));
        await CutAsync(plan.Duration, [(node.Name, TortureCluster.Database)]);
        return new(plan, node.Name, at, now(), leases, lived || Lives(node));
    }

    private async Task<StruckFault> CutSilosAsync(PlannedFault plan, bool all)
    {
        using var entered = await EnterAsync(cluster.Gates["network"]);
        var one = Silos[plan.Target % Silos.Count];
        var others = Silos.Where(s => s != one).ToList();
        if (!all) others = [others[plan.Target / Silos.Count % others.Count]];
        var (leases, at, lived) = (await cluster.LeasesOfAsync(one), now(), Lives(one) && others.Any(Lives));
        await CutAsync(plan.Duration, [.. others.SelectMany(o => new[] { (one.Name, o.Name), (o.Name, one.Name) })]);
        var hit = lived || (Lives(one) && others.Any(Lives));
        return new(plan, string.Join(" | ", others.Select(o => o.Name).Prepend(one.Name)), at, now(), leases, hit);
    }

    private async Task CutAsync(TimeSpan duration, IReadOnlyList<(string From, string To)> ways)
    {
        foreach (var (from, to) in ways) cluster.Network.Set(from, to, new Weather(Blocked: true));
        await Task.Delay(duration);
        foreach (var (from, to) in ways) cluster.Network.Clear(from, to);
    }

    private async Task<StruckFault> StepClockAsync(PlannedFault plan)
    {
        var node = cluster.Nodes[plan.Target % cluster.Nodes.Count];
        using var entered = await EnterAsync(node.Gate);
        var (leases, at, lived) = (await cluster.LeasesOfAsync(node), now(), Lives(node));
        var step = TimeSpan.FromSeconds(((plan.Target / cluster.Nodes.Count) % 240) - 120);
        node.Clock!.Set(step);
        await Task.Delay(plan.Duration);
        node.Clock.Set(TimeSpan.Zero);
        return new(plan, $"{node.Name} by {step.TotalSeconds:+0;-0} s", at, now(), leases, lived || Lives(node));
    }

    private async Task<StruckFault> FillDiskAsync(PlannedFault plan)
    {
        var small = cluster.Nodes.Where(n => n.Disk is not null).ToList();
        var node = small[plan.Target % small.Count];
        using var entered = await EnterAsync(node.Gate);
        await LivesAsync(node);
        var (leases, at) = (await cluster.LeasesOfAsync(node), now());
        if (node.ProcessId is not { } process) return new(plan, node.Name, at, at, leases, Hit: false);
        var filler = $"/proc/{process}/root{node.Disk!.Folder}/filler";
        try
        {
            await using (var file = new FileStream(filler, FileMode.Create, FileAccess.Write, FileShare.None, 1))
            {
                var piece = new byte[1 << 16];
                while (true) await file.WriteAsync(piece);
            }
        }
        catch (IOException)
        {
            // Full, or its process has just ended, and nothing is there to fill.
        }

        if (!File.Exists(filler)) return new(plan, node.Name, at, at, leases, Hit: false);
        await Task.Delay(plan.Duration);
        File.Delete(filler);
        return new(plan, node.Name, at, now(), leases);
    }

    /// <summary>What was struck before may not have started again yet.</summary>
    private static async Task LivesAsync(Node node)
    {
        for (var waited = Stopwatch.StartNew(); node.Process is null && waited.Elapsed < StartPatience;) await Task.Delay(LookForWorker);
    }

    /// <summary>Whether a process serves there that a cut or a wrong clock hits; one that starts before these are over is hit, too.</summary>
    private static bool Lives(Node node) => node.Process is not null;

    private static int? Busiest(IReadOnlyList<int> workers)
    {
        var times = workers.Select(w => (Id: w, Time: ProcessorTime(w))).Where(w => w.Time > TimeSpan.Zero).ToList();
        return times.Count == 0 ? null : times.MaxBy(w => w.Time).Id;
    }

    private static TimeSpan ProcessorTime(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.TotalProcessorTime;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return TimeSpan.Zero; // It ended.
        }
    }

    private static bool IsAlive(int id) => StateOf(id) is not (null or 'Z');

    private static bool IsStopped(int id) => StateOf(id) is 'T';

    /// <summary>The letter of a process's state (proc(5)); null when there is none.</summary>
    private static char? StateOf(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static async Task<IDisposable> EnterAsync(SemaphoreSlim gate)
    {
        await gate.WaitAsync();
        return new Entered(gate);
    }

    private sealed class Entered(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
