namespace SynthStudio.Mock;

/// <summary>Quantile functions of discrete distributions.</summary>
internal static class Quantiles
{
    /// <summary>The table of a larger mean would have more than ten thousand entries.</summary>
    private const double MostExact = 100_000;

    /// <summary>Of the probability of the mode; less adds nothing to a cumulative probability.</summary>
    private const double Negligible = 1e-18;

    /// <summary>Less of a distribution is too little to draw from: its quantiles are not that exact.</summary>
    private const double LeastShare = 1e-6;

    /// <summary>Poisson: by its cumulative probabilities, which are summed up once; a mean above 100,000 is taken as normal.</summary>
    public static Func<double, double> Poisson(double mean)
    {
        if (mean > MostExact)
        {
            return u => Math.Max(0, Math.Round(mean + (Math.Sqrt(mean) * NormalQuantile.At(u))));
        }

        // exp(-mean) is too small for a double from a mean of 746 on, so probabilities are those relative to the mode's, outwards from it.
        var mode = (int)mean;
        List<double> weights = [1];
        var least = mode;
        for (; least > 0 && weights[^1] > Negligible; least--)
        {
            weights.Add(weights[^1] * least / mean);
        }

        weights.Reverse();
        for (var k = mode + 1; weights[^1] > Negligible; k++)
        {
            weights.Add(weights[^1] * mean / k);
        }

        var table = Cumulate(weights);
        return u => least + Index(table, u);
    }

    /// <summary>A distribution of which only what lies between two values is left, in its proportions; null when that is next to nothing.</summary>
    /// <param name="quantile">Of the whole distribution; never decreases.</param>
    /// <param name="least">Null for no lower end.</param>
    /// <param name="most">Null for no upper end.</param>
    public static Func<double, double>? Between(Func<double, double> quantile, double? least, double? most)
    {
        var from = least is null ? 0 : Share(value => value < least);
        var left = (most is null ? 1 : Share(value => value <= most)) - from;
        if (left < LeastShare)
        {
            return null;
        }

        return from > 0 || left < 1 ? u => quantile(from + (u * left)) : quantile;

        // How much of the distribution lies below: halved until doubles cannot tell more.
        double Share(Predicate<double> isBelow)
        {
            double low = 0, high = 1;
            for (var middle = 0.5; middle > low && middle < high; middle = (low + high) / 2)
            {
                (low, high) = isBelow(quantile(middle)) ? (middle, high) : (low, middle);
            }

            return high == 1 ? 1 : low;
        }
    }

    /// <summary>The place of the first cumulative probability above <paramref name="u"/>.</summary>
    public static int Index(double[] cumulative, double u)
    {
        var index = Array.BinarySearch(cumulative, u);
        return Math.Min(index < 0 ? ~index : index + 1, cumulative.Length - 1);
    }

    /// <summary>Cumulative probabilities of positive weights.</summary>
    public static double[] Cumulate(IEnumerable<double> weights)
    {
        var cumulative = new List<double>();
        double sum = 0;
        foreach (var weight in weights)
        {
            cumulative.Add(sum += weight);
        }

        return [.. cumulative.Select(c => c / sum)];
    }
}
