using System.Diagnostics;

namespace SynthStudio.ClusterTorture;

/// <summary>
/// Lets the cluster clean up what faults have left, and waits for it: the harness itself removes nothing. While faults are struck, nothing
/// may be removed that is not named yet for a while, so the replicas keep what nobody names for an hour then; when the load is over their
/// operator replaces them by ones that keep it for seconds. An object of nobody's, put before, shows that they do.
/// </summary>
internal sealed class Cleaning(TortureCluster cluster, Action<string> say)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Replicas that leave and start on a busy machine (a minute each), the grace, a few rounds, and as much again for deletions. Whatever
    /// is left then is told of as left over.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly (string, string)[] Eager =
        [("Api:AllowShortObjectGrace", "true"), ("Api:ObjectGrace", "00:00:04"), ("Api:HousekeepingInterval", "00:00:01")];

    /// <summary>Waits until nothing is left over, or patience is over; what is left then, the look at all objects tells of one by one.</summary>
    public async Task<Finding> RunAsync(Stores stores)
    {
        var waited = Stopwatch.StartNew();
        var nobodys = await stores.Objects.PutAsync(new MemoryStream(Guid.NewGuid().ToByteArray()), "application/octet-stream");
        var before = (await DataChecks.LeftOverAsync(stores, cluster)).Count;
        var broken = new List<string>();
        try
        {
            await Task.WhenAll(cluster.Nodes.Where(n => n.Role == NodeRole.Api).Select(ReplaceAsync));
        }
        catch (TortureException e)
        {
            broken.Add(e.Message);
        }

        var left = before;
        while (waited.Elapsed < Patience && (left = (await DataChecks.LeftOverAsync(stores, cluster)).Count) > 0) await Task.Delay(Look);
        say($"the cluster removed {before - left} of {before} objects and pieces that nobody names, in {waited.Elapsed.TotalSeconds:0.0} s");
        if (await stores.Objects.ExistsAsync(nobodys)) broken.Add($"{nobodys.Key}, which was put to be removed, is there after {waited.Elapsed.TotalSeconds:0} s");
        return new("the cluster removes by itself what nobody names", before, broken);
    }

    private static async Task ReplaceAsync(Node node)
    {
        // One on its way knows the settings of before.
        for (var waited = Stopwatch.StartNew(); node.Process is null && waited.Elapsed < Patience;)
            await Task.Delay(Look);
        await node.ReplaceAsync(Repository.Silo, Eager);
    }
}
