namespace SynthStudio.Evaluation.Statistics;

/// <summary>
/// Ten bins of equal width between the smallest and the greatest value, as <c>numpy.histogram_bin_edges</c> makes them and
/// <c>numpy.digitize</c> uses them in SDMetrics: the greatest value itself and missing ones fall into an eleventh.
/// </summary>
internal sealed class EqualWidthBins
{
    public const int Count = 10;

    private readonly double[] edges;

    /// <param name="present">The values without the missing ones.</param>
    /// <param name="openEnded">Whether the outer bins reach to infinity, for values of another table.</param>
    public EqualWidthBins(ReadOnlySpan<double> present, bool openEnded)
    {
        var (low, high) = present.IsEmpty ? (0.0, 1.0) : (Min(present), Max(present));
        if (low == high)
        {
            (low, high) = (low - 0.5, high + 0.5);
        }

        edges = new double[Count + 1];
        for (var i = 0; i < Count; i++)
        {
            edges[i] = (i * ((high - low) / Count)) + low;
        }

        edges[Count] = high;
        if (openEnded)
        {
            (edges[0], edges[Count]) = (double.NegativeInfinity, double.PositiveInfinity);
        }
    }

    /// <summary>The number of edges not above each value: 0 below the first bin, 1 to 10 in a bin, 11 at its end and where missing.</summary>
    public BinnedColumn Apply(double[] values) => new(Array.ConvertAll(values, Bin), Count + 2);

    private int Bin(double value)
    {
        var bin = 0;
        foreach (var edge in edges)
        {
            bin += value < edge ? 0 : 1; // NaN is below nothing
        }

        return bin;
    }

    private static double Min(ReadOnlySpan<double> values) => System.Numerics.Tensors.TensorPrimitives.Min(values);

    private static double Max(ReadOnlySpan<double> values) => System.Numerics.Tensors.TensorPrimitives.Max(values);
}
