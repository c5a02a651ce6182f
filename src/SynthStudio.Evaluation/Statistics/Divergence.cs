namespace SynthStudio.Evaluation.Statistics;

/// <summary>Distances of distributions.</summary>
internal static class Divergence
{
    /// <summary>Jensen-Shannon distance, the root of the divergence to base 2, 0 to 1.</summary>
    /// <param name="left">One side.</param>
    /// <param name="right">The other side.</param>
    /// <param name="influence">Gets what the rows add to the distance; null when that is not asked for.</param>
    public static double JensenShannon(BinnedColumn left, BinnedColumn right, Influence? influence = null)
    {
        var size = Math.Max(left.Size, right.Size);
        var (counts, others) = (Contingency.Count(left with { Size = size }), Contingency.Count(right with { Size = size }));
        double n = left.Codes.Length, m = right.Codes.Length, sum = 0;
        for (var bin = 0; bin < size; bin++)
        {
            var (p, q) = (counts[bin] / n, others[bin] / m);
            sum += Term(p, (p + q) / 2) + Term(q, (p + q) / 2);
        }

        var divergence = Math.Clamp(sum / 2, 0, 1);
        if (influence is not null)
        {
            // Of the divergence by p it is log2(2p/(p + q))/2, of its root that over twice the root; what chance
            // alone makes of the divergence is added under it.
            var occurring = counts.Zip(others).Count(pair => pair.First + pair.Second > 0);
            var slope = 1 / (2 * Math.Sqrt(divergence + (Math.Max(1, occurring - 1) * ((1 / n) + (1 / m)) / (8 * Math.Log(2)))));
            influence.Add(
                row => slope * Log(counts[left.Codes[row]] / n, others[left.Codes[row]] / m),
                row => slope * Log(others[right.Codes[row]] / m, counts[right.Codes[row]] / n));
        }

        return Math.Sqrt(divergence);

        static double Log(double p, double q) => Math.Log2(2 * p / (p + q)) / 2;

        static double Term(double p, double mean) => p == 0 ? 0 : p * Math.Log2(p / mean);
    }

    /// <summary>Wasserstein-1 distance, the area between the two empirical distribution functions, in the unit of the values.</summary>
    /// <param name="left">Ascending, not empty.</param>
    /// <param name="right">Ascending, not empty.</param>
    public static double Wasserstein(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        int i = 0, j = 0;
        var (area, at) = (0.0, Math.Min(left[0], right[0]));
        while (i < left.Length || j < right.Length)
        {
            var next = Math.Min(i < left.Length ? left[i] : double.PositiveInfinity, j < right.Length ? right[j] : double.PositiveInfinity);
            area += Math.Abs(((double)i / left.Length) - ((double)j / right.Length)) * (next - at);
            at = next;
            while (i < left.Length && left[i] <= next)
            {
                i++;
            }

            while (j < right.Length && right[j] <= next)
            {
                j++;
            }
        }

        return area;
    }
}
