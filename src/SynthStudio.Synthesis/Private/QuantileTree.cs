using SynthStudio.Privacy.Noise;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Private;

/// <summary>
/// Buys edges of bins with about equally many rows: the range is halved again and again where noisy counts are still large, down to single values,
/// so that a value which many rows share ends in a bin of its own. A row is counted once in each level; what is counted depends on the noisy
/// counts above only (Zhang, Xiao, Xie, PrivTree, arXiv:1601.03229, with Gaussian noise and a fixed depth).
/// </summary>
internal static class QuantileTree
{
    private const int MostLevels = 20;

    /// <summary>Halvings from the range to its values; of continuous columns, and of very many values, no more than 20.</summary>
    public static int Levels(ColumnDomain domain) => Math.Min(MostLevels, Math.Max(1, (int)Math.Ceiling(Math.Log2(Places(domain)))));

    /// <summary>Ascending edges from the least to the greatest value.</summary>
    /// <param name="values">The private values; NaN is missing.</param>
    /// <param name="domain">Bounded.</param>
    /// <param name="bins">About how many bins there shall be.</param>
    /// <param name="levels">Halvings, usually <see cref="Levels"/>.</param>
    /// <param name="level">Noise of one release; there is one a level, and one for the number of values.</param>
    /// <param name="bits">Where chance comes from.</param>
    public static double[] Edges(double[] values, ColumnDomain domain, int bins, int levels, NoiseLevel level, SecureBits bits)
    {
        var leaves = 1L << levels;
        var (low, width) = (domain.Min!.Value, Width(domain, levels) / leaves);
        var places = values.Where(v => !double.IsNaN(v))
            .Select(v => (long)Math.Clamp(Math.Floor((Math.Clamp(v, low, domain.Max!.Value) - low) / width), 0, leaves - 1))
            .ToArray();
        Array.Sort(places);
        var enough = Math.Max(level.Noisy(places.Length, bits) / bins, 4 * level.Deviation);
        var nodes = new List<(long First, long Size, double Count)> { (0, leaves, double.PositiveInfinity) };
        for (var depth = 0; depth < levels; depth++)
        {
            var next = new List<(long First, long Size, double Count)>(2 * nodes.Count);
            foreach (var node in nodes)
            {
                if (node.Count <= enough || node.Size != leaves >> depth)
                {
                    next.Add(node);
                    continue;
                }

                foreach (var first in new[] { node.First, node.First + node.Size / 2 })
                    next.Add((first, node.Size / 2, level.Noisy(Between(places, first, first + node.Size / 2), bits)));
            }

            nodes = next;
        }

        return [.. Joined(nodes, enough).Select(first => low + first * width).Where(edge => edge < domain.Max!.Value), domain.Max!.Value];
    }

    /// <summary>Beginnings of bins: neighbours that are few together are one, frequent single values stay alone.</summary>
    private static IEnumerable<long> Joined(List<(long First, long Size, double Count)> nodes, double enough)
    {
        var sum = double.PositiveInfinity;
        foreach (var (first, size, count) in nodes)
        {
            if (sum + count > enough)
            {
                yield return first;
                sum = 0;
            }

            sum = count > enough ? double.PositiveInfinity : sum + Math.Max(count, 0);
        }
    }

    private static double Places(ColumnDomain domain) =>
        DeclaredCodec.Grid(domain) is { Step: > 0 } grid ? (domain.Max!.Value - domain.Min!.Value) / grid.Step + 1 : 1L << MostLevels;

    /// <summary>The range; where as many halvings come down to single values, so much more that the last parts are one value each.</summary>
    private static double Width(ColumnDomain domain, int levels)
    {
        var (range, step) = (domain.Max!.Value - domain.Min!.Value, DeclaredCodec.Grid(domain).Step);
        return step > 0 && Places(domain) <= 1L << levels ? (1L << levels) * step : range;
    }

    private static long Between(long[] sorted, long first, long end) => LowerBound(sorted, end) - LowerBound(sorted, first);

    private static int LowerBound(long[] sorted, long value)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] < value) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
