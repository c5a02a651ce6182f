namespace SynthStudio.Synthesis.Cells;

/// <summary>Draws indices in proportion to weights.</summary>
internal readonly struct CumulativeWeights
{
    private readonly double[] upTo;

    /// <param name="weights">At least one above 0.</param>
    public CumulativeWeights(IReadOnlyList<double> weights)
    {
        upTo = new double[weights.Count];
        double sum = 0;
        for (var i = 0; i < upTo.Length; i++) upTo[i] = sum += weights[i];
    }

    public double Total => upTo[^1];

    /// <summary>The index at <paramref name="uniform"/> in [0, 1); never one of weight 0.</summary>
    public int At(double uniform)
    {
        var wanted = uniform * Total;
        int low = 0, high = upTo.Length - 1;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (upTo[middle] > wanted) high = middle;
            else low = middle + 1;
        }

        return low;
    }
}
