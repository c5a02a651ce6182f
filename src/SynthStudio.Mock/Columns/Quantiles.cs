namespace SynthStudio.Mock;

/// <summary>Quantile functions of discrete distributions.</summary>
internal static class Quantiles
{
    /// <summary>Poisson: by its cumulative probabilities, which are summed up once; a mean above 1,000 is taken as normal.</summary>
    public static Func<double, double> Poisson(double mean)
    {
        if (mean > 1000)
        {
            return u => Math.Max(0, Math.Round(mean + (Math.Sqrt(mean) * NormalQuantile.At(u))));
        }

        var cumulative = new List<double>();
        double probability = Math.Exp(-mean), sum = probability;
        for (var k = 1; sum < 1 - 1e-12 && k < 10 * (mean + 20); k++)
        {
            cumulative.Add(sum);
            probability *= mean / k;
            sum += probability;
        }

        cumulative.Add(1);
        var table = cumulative.ToArray();
        return u => Index(table, u);
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
