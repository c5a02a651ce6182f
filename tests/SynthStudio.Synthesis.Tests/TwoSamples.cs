namespace SynthStudio.Synthesis.Tests;

/// <summary>Whether two samples come from one distribution.</summary>
internal static class TwoSamples
{
    /// <summary>
    /// Critical value of the two-sample test of Kolmogorov and Smirnov at the level .0001, the least that a fixed seed may have been lucky
    /// by.
    /// </summary>
    private const double Critical = 2.225;

    /// <summary>The largest distance of the two empirical distributions over its critical value at the level .0001: above 1 they differ.</summary>
    public static double Distance(IEnumerable<double> first, IEnumerable<double> second)
    {
        double[] a = [.. first.Order()], b = [.. second.Order()];
        double most = 0;
        for (int i = 0, j = 0; i < a.Length && j < b.Length;)
        {
            var next = Math.Min(a[i], b[j]);
            while (i < a.Length && a[i] <= next) i++;
            while (j < b.Length && b[j] <= next) j++;
            most = Math.Max(most, Math.Abs((double)i / a.Length - (double)j / b.Length));
        }

        return most / (Critical * Math.Sqrt(1.0 / a.Length + 1.0 / b.Length));
    }
}
