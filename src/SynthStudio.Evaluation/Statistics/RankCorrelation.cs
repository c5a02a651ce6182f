namespace SynthStudio.Evaluation.Statistics;

/// <summary>Spearman's rank correlation.</summary>
internal static class RankCorrelation
{
    /// <summary>-1 to 1, equal values sharing their rank; null when either side is constant.</summary>
    public static double? Spearman(double[] x, double[] y) => Correlation.Between(new Correlation(Ranks(x)), new Correlation(Ranks(y)));

    private static double[] Ranks(double[] values)
    {
        var order = Enumerable.Range(0, values.Length).OrderBy(i => values[i]).ToArray();
        var ranks = new double[values.Length];
        for (var start = 0; start < order.Length;)
        {
            var end = start;
            while (end < order.Length && values[order[end]] == values[order[start]])
            {
                end++;
            }

            foreach (var i in order.AsSpan(start, end - start))
            {
                ranks[i] = (start + end - 1) / 2.0;
            }

            start = end;
        }

        return ranks;
    }
}
