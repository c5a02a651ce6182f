using System.Globalization;

namespace SynthStudio.ClusterTorture;

/// <summary>What becomes of a silo that hangs: when the others declare it dead, and when it ends once it goes on.</summary>
internal sealed class StalledSilo(TortureCluster cluster, Node silo, Func<TimeSpan> now)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <summary>It learns of its death from the database, which another fault may keep away for a while.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly int _process = silo.ProcessId ?? 0;
    private bool _over;

    /// <summary>After its last sign of life; null when it never was.</summary>
    public TimeSpan? DeclaredDead { get; private set; }

    /// <summary>After it went on; null when it did not end.</summary>
    public TimeSpan? Ended { get; private set; }

    /// <summary>It was declared dead and did not end.</summary>
    public bool WentOn => DeclaredDead is not null && Ended is null;

    /// <summary>Looks until it goes on.</summary>
    public async Task WatchAsync(TimeSpan stalled)
    {
        while (!_over && DeclaredDead is null)
        {
            if (await cluster.IsDeclaredDeadAsync(silo) == true) DeclaredDead = now() - stalled;
            await Task.Delay(Look);
        }
    }

    /// <summary>Waits, where it was declared dead, until it has ended; answers what happened, in words.</summary>
    public async Task<string> EndAsync(Task watching, TimeSpan over)
    {
        _over = true;
        await watching;
        if (DeclaredDead is not { } dead) return "was not declared dead";
        while (silo.ProcessId == _process && now() - over < Patience) await Task.Delay(Look);
        if (silo.ProcessId != _process) Ended = now() - over;
        var end = Ended is { } after ? string.Create(CultureInfo.InvariantCulture, $"ended {after.TotalSeconds:0.0} s after it went on") : "went on";
        return string.Create(CultureInfo.InvariantCulture, $"declared dead after {dead.TotalSeconds:0.0} s, {end}");
    }
}
