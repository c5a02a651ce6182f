namespace SynthStudio.ClusterTorture;

/// <summary>The promise about processes: none outlives its silo, and an idle silo has only the workers that it keeps ready.</summary>
internal static class ProcessCheck
{
    /// <summary>One that was started ahead, one with a model loaded.</summary>
    private const int Kept = 2;

    public static Finding Run(TortureCluster cluster, IEnumerable<string> left)
    {
        var silos = cluster.Nodes.Where(n => n.Role != NodeRole.Api).ToList();
        var workers = silos.Select(s => (s.Name, Count: s.Process?.Workers().Count ?? 0)).ToList();
        return new(
            "no worker outlives its silo or its job", workers.Sum(w => w.Count),
            [.. left, .. workers.Where(w => w.Count > Kept).Select(w => $"{w.Name} has nothing to do and {w.Count} workers")]);
    }
}
