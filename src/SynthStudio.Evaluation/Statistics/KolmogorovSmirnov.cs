namespace SynthStudio.Evaluation.Statistics;

/// <summary>The two-sample Kolmogorov-Smirnov statistic.</summary>
internal static class KolmogorovSmirnov
{
    /// <summary>The greatest difference of the two empirical distribution functions, 0 to 1.</summary>
    /// <param name="left">Ascending, not empty.</param>
    /// <param name="right">Ascending, not empty.</param>
    public static double Statistic(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        int i = 0, j = 0;
        var greatest = 0.0;
        while (i < left.Length && j < right.Length)
        {
            var value = Math.Min(left[i], right[j]);
            while (i < left.Length && left[i] <= value)
            {
                i++;
            }

            while (j < right.Length && right[j] <= value)
            {
                j++;
            }

            greatest = Math.Max(greatest, Math.Abs(((double)i / left.Length) - ((double)j / right.Length)));
        }

        return greatest;
    }
}
