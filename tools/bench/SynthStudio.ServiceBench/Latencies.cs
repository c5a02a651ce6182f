namespace SynthStudio.ServiceBench;

/// <summary>Times in order.</summary>
internal static class Latencies
{
    /// <summary>The value below which <paramref name="share"/> of the sorted values lie.</summary>
    public static double Percentile(IReadOnlyList<double> sorted, double share) => sorted[(int)((sorted.Count - 1) * share)];
}
