using SynthStudio.Privacy.Noise;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Private;

/// <summary>
/// Buys the bounds of a column: noisy counts over a public grid, of powers of two for numbers and of years for dates; the bounds are the outermost
/// cells that stand out of the noise.
/// </summary>
internal static class BoundHistogram
{
    /// <summary>Standard deviations above which a cell counts as filled: of 200 empty ones none is in 999 of 1,000 runs.</summary>
    private const double Outstanding = 4.5;

    private const int LeastExponent = -20, MostExponent = 50;

    /// <summary>The domain with both bounds.</summary>
    /// <param name="values">The private values; NaN is missing.</param>
    /// <param name="domain">A numeric kind.</param>
    /// <param name="level">Noise of one count.</param>
    /// <param name="bits">Where chance comes from.</param>
    public static ColumnDomain Bounded(double[] values, ColumnDomain domain, NoiseLevel level, SecureBits bits)
    {
        var edges = Edges(domain.Kind);
        var counts = new long[edges.Length - 1];
        foreach (var value in values)
        {
            if (double.IsNaN(value)) continue;
            var at = Array.BinarySearch(edges, value);
            counts[Math.Clamp(at < 0 ? ~at - 1 : at, 0, counts.Length - 1)]++;
        }

        var filled = Enumerable.Range(0, counts.Length)
            .Where(cell => level.Noisy(counts[cell], bits) > Outstanding * level.Deviation)
            .ToList();
        var (low, high) = filled.Count > 0 ? (edges[filled[0]], edges[filled[^1] + 1]) : (edges[0], edges[^1]);
        return domain with
        {
            Min = domain.Min ?? Math.Min(low, (domain.Max ?? double.PositiveInfinity) - 1),
            Max = domain.Max ?? Math.Max(high, (domain.Min ?? double.NegativeInfinity) + 1),
        };
    }

    private static double[] Edges(ColumnKind kind) => kind switch
    {
        ColumnKind.Time => [0, 86_399],
        ColumnKind.Date or ColumnKind.DateTime => [.. Enumerable.Range(1850, 301).Select(year =>
            (new DateTime(year, 1, 1, 0, 0, 0, DateTimeKind.Utc) - DateTime.UnixEpoch).TotalSeconds)],
        _ =>
        [
            .. Enumerable
                .Range(kind == ColumnKind.Integer ? 0 : LeastExponent, MostExponent - (kind == ColumnKind.Integer ? 0 : LeastExponent) + 1)
                .Reverse().Select(e => -Math.Pow(2, e)),
            0,
            .. Enumerable
                .Range(kind == ColumnKind.Integer ? 0 : LeastExponent, MostExponent - (kind == ColumnKind.Integer ? 0 : LeastExponent) + 1)
                .Select(e => Math.Pow(2, e)),
        ],
    };
}
