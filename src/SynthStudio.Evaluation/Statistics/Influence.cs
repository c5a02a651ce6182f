namespace SynthStudio.Evaluation.Statistics;

/// <summary>
/// Standard errors of a mean of scores that compare two tables, by the infinitesimal jackknife (Jaeckel 1972; the influence function of
/// Hampel 1974). A score T of two empirical distributions F and G of n and m rows has the variance var(IF_F)/n + var(IF_G)/m, where IF is how
/// much T changes per share of weight put on a row. Influences of one row on many scores add up, so that columns and pairs, which share their
/// rows, are not taken for independent. Rows are taken to be drawn independently, and bins and ranges as given.
/// </summary>
internal sealed class Influence(InfluenceRows rows)
{
    /// <summary>
    /// Where two shares hardly differ, the sign of their difference is chance, and its derivative too large a guess: it is averaged over half the
    /// noise (the smoothing of Efron 2014, "Estimation and accuracy after model selection"). Simulated with none, nominal 95 % intervals of
    /// tables that are alike hold the mean 99.5 % of the time and more; with all of it, those of tables that differ a little 84 to 92 %; with
    /// half of it all hold it 91 to 98 %.
    /// </summary>
    public const double NoiseShare = 0.5;

    private readonly Lock gate = new();
    private readonly double[] left = new double[rows.Left.Length];
    private readonly double[] right = new double[rows.Right.Length];
    private int scores;

    public InfluenceRows Rows => rows;

    /// <summary>Standard error of the mean of the scores that were added; null without one.</summary>
    public double? StandardError => scores == 0 ? null : ErrorOf(left, right) / scores;

    /// <summary>The influences on the mean of two means.</summary>
    public static Influence OfMeanOf(Influence first, Influence second)
    {
        var mean = new Influence(first.Rows) { scores = 1 };
        foreach (var part in new[] { first, second })
        {
            mean.Accumulate(part.left, part.right, 0.5 / part.scores);
        }

        return mean;
    }

    /// <summary>Derivative of |<paramref name="difference"/>|, the difference being known up to <paramref name="deviation"/>: -1 to 1.</summary>
    public static double Slope(double difference, double deviation) => deviation == 0
        ? Math.Sign(difference)
        : 1 - (2 * Significance.UpperTail(difference / (NoiseShare * deviation)));

    /// <summary>Standard deviation of the difference of two shares when both are of one distribution.</summary>
    public static double ShareDeviation(double left, double right, double n, double m)
    {
        var pooled = ((left * n) + (right * m)) / (n + m);
        return Math.Sqrt(pooled * (1 - pooled) * ((1 / n) + (1 / m)));
    }

    /// <summary>One more score.</summary>
    /// <param name="ofLeft">The influence of a row of the real table, up to a constant.</param>
    /// <param name="ofRight">The influence of a row of the scored table.</param>
    public void Add(Func<int, double> ofLeft, Func<int, double> ofRight) =>
        Add(Array.ConvertAll(rows.Left, row => ofLeft(row)), Array.ConvertAll(rows.Right, row => ofRight(row)), 1);

    /// <summary>One more score: <paramref name="factor"/> times the size of a difference between a statistic of the real and of the scored table.</summary>
    /// <param name="difference">The statistic of the real table less that of the other.</param>
    /// <param name="ofLeft">Influence on the statistic of the real table.</param>
    /// <param name="ofRight">Influence on that of the other.</param>
    /// <param name="factor">What the size is multiplied by.</param>
    public void AddAbsolute(double difference, Func<int, double> ofLeft, Func<int, double> ofRight, double factor)
    {
        var (mine, others) = (Array.ConvertAll(rows.Left, row => ofLeft(row)), Array.ConvertAll(rows.Right, row => -ofRight(row)));
        Add(mine, others, factor * Slope(difference, ErrorOf(mine, others)));
    }

    private void Add(double[] ofLeft, double[] ofRight, double factor)
    {
        lock (gate)
        {
            Accumulate(ofLeft, ofRight, factor);
            scores++;
        }
    }

    private void Accumulate(double[] ofLeft, double[] ofRight, double factor)
    {
        for (var i = 0; i < left.Length; i++)
        {
            left[i] += factor * ofLeft[i];
        }

        for (var i = 0; i < right.Length; i++)
        {
            right[i] += factor * ofRight[i];
        }
    }

    private double ErrorOf(double[] ofLeft, double[] ofRight) =>
        Math.Sqrt((Variance(ofLeft) / rows.LeftTotal) + (Variance(ofRight) / rows.RightTotal));

    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / Math.Max(1, values.Length - 1);
    }
}
