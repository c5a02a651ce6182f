namespace SynthStudio.Evaluation.Statistics;

/// <summary>
/// The bins of mostlyai-qa (arXiv:2504.01908): up to ten distinct values are a bin each, otherwise ten or a few more bins of about
/// equal mass. Missing values are bin 0.
/// </summary>
internal sealed class QuantileBins
{
    private const int Bins = 10;
    private const int MostSteps = 1000;
    private const int MostDecimals = 20;

    private readonly double[] edges;

    /// <param name="present">The values without the missing ones; sorted in place.</param>
    public QuantileBins(double[] present)
    {
        Array.Sort(present);
        edges = FloorToFewestDecimals(Edges(present.Length == 0 ? [0] : present));
    }

    /// <summary>Bins from 1 up, values outside the edges drawn to the nearest bin; 0 where missing.</summary>
    public BinnedColumn Apply(double[] values) => new(Array.ConvertAll(values, Bin), edges.Length + 1);

    private int Bin(double value)
    {
        if (double.IsNaN(value))
        {
            return 0;
        }

        var clipped = Math.Clamp(value, edges[0], edges[^1]);
        var bin = 0;
        while (bin < edges.Length - 1 && edges[bin] <= clipped)
        {
            bin++;
        }

        // Only beyond 2^53, where adding one changes nothing, is the last edge still reached.
        return bin == edges.Length - 1 && edges[^1] + 1 <= clipped ? bin + 1 : bin;
    }

    /// <summary>Order statistics at even steps, for the least number of steps from ten on that gives more than ten distinct ones.</summary>
    private static double[] Edges(double[] sorted)
    {
        var distinct = Distinct(sorted);
        if (distinct.Length <= Bins)
        {
            return [.. distinct, distinct[^1] + 1];
        }

        for (var steps = Bins; steps < Math.Min(MostSteps, sorted.Length + 1); steps++)
        {
            var stride = (double)(sorted.Length - 1) / (steps - 1);
            distinct = Distinct(Enumerable.Range(0, steps).Select(i => sorted[i == steps - 1 ? sorted.Length - 1 : (int)(i * stride)]));
            if (distinct.Length > Bins)
            {
                break;
            }
        }

        return distinct;
    }

    private static double[] FloorToFewestDecimals(double[] edges)
    {
        for (var decimals = 0; decimals < MostDecimals; decimals++)
        {
            var power = Math.Pow(10, decimals);
            var floored = Array.ConvertAll(edges, edge => Math.Floor(edge * power) / power);
            if (Distinct(floored).Length == edges.Length)
            {
                floored[^1] = edges[^1];
                return floored;
            }
        }

        return edges;
    }

    private static double[] Distinct(IEnumerable<double> ascending)
    {
        var distinct = new List<double>();
        foreach (var value in ascending)
        {
            if (distinct.Count == 0 || value != distinct[^1])
            {
                distinct.Add(value);
            }
        }

        return [.. distinct];
    }
}
