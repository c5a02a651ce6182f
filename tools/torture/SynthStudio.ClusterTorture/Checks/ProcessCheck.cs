namespace SynthStudio.ClusterTorture;

/// <summary>The promise about processes: none outlives its silo, and an idle silo has only the worker that it keeps ready.</summary>
internal static class ProcessCheck
{
    /// <summary>With the last model that was drawn from.</summary>
    private const int Kept = 1;

    public static Finding Run(TortureCluster cluster, IEnumerable<string> left)
    {
        var silos = cluster.Nodes.Where(n => n.Role != NodeRole.Api).ToList();
        var workers = silos.Select(s => (s.Name, Count: s.Process?.Workers().Count ?? 0)).ToList();
        return new(
            "no worker outlives its silo or its job", silos.Sum(s => s.Starts),
            [.. left, .. workers.Where(w => w.Count > Kept).Select(w => $"{w.Name} has nothing to do and {w.Count} workers")]);
    }
}
