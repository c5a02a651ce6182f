namespace SynthStudio.Evaluation.Boosting;

/// <summary>
/// Cuts features into at most 255 bins the way scikit-learn's HistGradientBoosting does: a bin for each distinct value while they last,
/// else equal shares of the rows. LightGBM's own bins resolve rare values of spiky columns far better, which makes another test of it.
/// </summary>
internal sealed class FeatureBins
{
    public const int MostBins = 255;

    private readonly double[][] thresholds;

    /// <summary>Makes bins for each feature of <paramref name="features"/>.</summary>
    public FeatureBins(FeatureMatrix features)
    {
        thresholds = new double[features.Columns][];
        for (var f = 0; f < thresholds.Length; f++)
        {
            thresholds[f] = Thresholds(PresentSorted(features, f));
        }
    }

    /// <summary>Replaces the values by their bins, 0 to 254; a missing value stays NaN.</summary>
    public void Apply(FeatureMatrix features)
    {
        for (var f = 0; f < thresholds.Length; f++)
        {
            var edges = thresholds[f];
            for (var at = f; at < features.Values.Length; at += thresholds.Length)
            {
                if (!double.IsNaN(features.Values[at]))
                {
                    features.Values[at] = FirstNotBelow(edges, features.Values[at]);
                }
            }
        }
    }

    private static double[] PresentSorted(FeatureMatrix features, int feature)
    {
        var values = new List<double>(features.Rows);
        for (var at = feature; at < features.Values.Length; at += features.Columns)
        {
            if (!double.IsNaN(features.Values[at]))
            {
                values.Add(features.Values[at]);
            }
        }

        var sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted;
    }

    private static double[] Thresholds(double[] sorted)
    {
        var distinct = new List<double>();
        foreach (var value in sorted)
        {
            if (distinct.Count == 0 || value != distinct[^1])
            {
                distinct.Add(value);
            }
        }

        if (distinct.Count <= MostBins)
        {
            return [.. distinct.Zip(distinct.Skip(1), (low, high) => (low + high) / 2)];
        }

        return [.. Enumerable.Range(1, MostBins - 1).Select(i =>
        {
            var position = (double)i / MostBins * (sorted.Length - 1);
            return (sorted[(int)Math.Floor(position)] + sorted[(int)Math.Ceiling(position)]) / 2;
        })];
    }

    /// <summary>The number of thresholds below <paramref name="value"/>.</summary>
    private static int FirstNotBelow(double[] ascending, double value)
    {
        int low = 0, high = ascending.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (ascending[middle] < value)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
