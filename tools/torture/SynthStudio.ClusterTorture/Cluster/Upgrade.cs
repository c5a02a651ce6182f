namespace SynthStudio.ClusterTorture;

/// <summary>
/// Brings a cluster of an earlier version to this one while it works, as its operator would: first the schema, then the silos one by one, then the API
/// replicas. Until the last one, processes of both versions are one cluster.
/// </summary>
/// <param name="cluster">The cluster.</param>
/// <param name="now">Since the start of the run.</param>
/// <param name="serves">Waits until a table that is uploaded after a moment has been read; false when that takes too long.</param>
/// <param name="say">Told what happens.</param>
internal sealed class Upgrade(TortureCluster cluster, Func<TimeSpan> now, Func<TimeSpan, Task<bool>> serves, Action<string> say)
{
    /// <summary>Shares of the run: work before the migration, and the end of the last replacement's turn.</summary>
    private const double Migration = 0.15, End = 0.85;

    private readonly List<string> _broken = [];
    private int _replaced;

    public async Task RunAsync(TimeSpan time)
    {
        try
        {
            await UntilAsync(Migration * time);
            await cluster.Processes.MigrateAsync(Repository.Synth);
            say($"{now():mm\\:ss} the schema is this version's; all processes are of the version before");
            foreach (var (node, turn) in cluster.Nodes.OrderBy(n => n.Role == NodeRole.Api).Select((n, i) => (n, i)))
            {
                // The time is shared out evenly, so that versions live side by side for most of the run.
                await UntilAsync((Migration + ((End - Migration) * (turn + 0.5) / cluster.Nodes.Count)) * time);
                await ReplaceAsync(node);
            }
        }
        catch (Exception e) when (e is TortureException or InvalidOperationException or TimeoutException)
        {
            _broken.Add(e.Message);
        }
    }

    /// <summary>Whether all went over, each process by leaving in order.</summary>
    public Finding Check() => new(
        "every process of the version before left in order, and this version serves in its place", _replaced,
        [.. _broken, .. cluster.Nodes.Select(WrongVersion).OfType<string>()]);

    private static string? WrongVersion(Node node) => node.ProcessId is not { } process ? $"{node.Name} does not run"
        : File.ResolveLinkTarget($"/proc/{process}/exe", returnFinalTarget: false)?.FullName is var runs && runs != Repository.Silo ? $"{node.Name} runs {runs}"
        : null;

    private async Task ReplaceAsync(Node node)
    {
        await node.Gate.WaitAsync();
        try
        {
            var (left, served) = await node.ReplaceAsync(Repository.Silo);
            var at = now();
            if (!await serves(at)) _broken.Add($"after {node.Name} the cluster does not serve");
            say($"{now():mm\\:ss} {node.Name} is replaced: left in {left.TotalSeconds:0.0} s, served after {served.TotalSeconds:0.0} s, and the cluster {(now() - at).TotalSeconds:0.0} s later");
            _replaced++;
        }
        finally
        {
            node.Gate.Release();
        }
    }

    private async Task UntilAsync(TimeSpan at)
    {
        if (at > now()) await Task.Delay(at - now());
    }
}
