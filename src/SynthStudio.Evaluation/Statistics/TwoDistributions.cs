namespace SynthStudio.Evaluation.Statistics;

/// <summary>
/// The empirical distribution functions F and G of one numerical column in two tables, at up to 256 of its values t, for the influence of rows
/// on scores that change with F - G: by the sum of w(t) (F(t) - G(t)) with weights w.
/// </summary>
internal sealed class TwoDistributions
{
    private const int MostKnots = 256;
    private const int Replicates = 50;

    private readonly double[] knots;
    private readonly double[] left;
    private readonly double[] right;
    private readonly int lefts;
    private readonly int rights;

    /// <param name="left">Present values of the real table, ascending, not empty.</param>
    /// <param name="right">Those of the scored table.</param>
    public TwoDistributions(double[] left, double[] right)
    {
        (lefts, rights) = (left.Length, right.Length);
        knots = [.. Spaced(left).Concat(Spaced(right)).Distinct().Order()];
        this.left = Shares(left);
        this.right = Shares(right);
    }

    /// <summary>
    /// Weights of the Kolmogorov-Smirnov statistic: where F - G is greatest, with its sign. Where that is is chance when the tables are alike, so
    /// that it is sought under part of the noise (Brownian bridges, <see cref="Influence.NoiseShare"/>) many times.
    /// </summary>
    public double[] WeightsOfGreatest(int seed)
    {
        var random = new Random(seed);
        var weights = new double[knots.Length];
        var walk = new double[knots.Length];
        var scale = Influence.NoiseShare * Math.Sqrt((1.0 / lefts) + (1.0 / rights));
        for (var replicate = 0; replicate < Replicates; replicate++)
        {
            var (at, from) = (0.0, 0.0);
            for (var k = 0; k < walk.Length; k++)
            {
                at += Normal(random) * Math.Sqrt(Math.Max(0, Pooled(k) - from));
                (walk[k], from) = (at, Pooled(k));
            }

            var end = at + (Normal(random) * Math.Sqrt(Math.Max(0, 1 - from)));
            var (greatest, where) = (-1.0, 0);
            for (var k = 0; k < walk.Length; k++)
            {
                walk[k] = left[k] - right[k] + (scale * (walk[k] - (Pooled(k) * end)));
                (greatest, where) = Math.Abs(walk[k]) > greatest ? (Math.Abs(walk[k]), k) : (greatest, where);
            }

            weights[where] += Math.Sign(walk[where]) / (double)Replicates;
        }

        return weights;
    }

    /// <summary>Weights of Wasserstein's distance, the integral of |F - G|: the derivative of the size times the way to the next value.</summary>
    public double[] WeightsOfArea() => [.. knots.Select((knot, k) => k + 1 == knots.Length ? 0
        : Influence.Slope(left[k] - right[k], Influence.ShareDeviation(left[k], right[k], lefts, rights)) * (knots[k + 1] - knot))];

    /// <summary>Adds a score that changes by <paramref name="factor"/> times the weighted sum of F - G. Missing values (NaN) have no influence.</summary>
    public void AddTo(Influence influence, double[] weights, double factor, double[] leftValues, double[] rightValues)
    {
        var beyond = new double[knots.Length + 1]; // the weights of this knot and all above
        for (var k = knots.Length - 1; k >= 0; k--)
        {
            beyond[k] = beyond[k + 1] + weights[k];
        }

        influence.Add(
            Of(leftValues, left, factor * leftValues.Length / lefts),
            Of(rightValues, right, -factor * rightValues.Length / rights));

        Func<int, double> Of(double[] values, double[] shares, double scale)
        {
            var mean = weights.Zip(shares, (weight, share) => weight * share).Sum();
            return row => double.IsNaN(values[row]) ? 0 : scale * (beyond[NotBelow(values[row])] - mean);
        }
    }

    private double Pooled(int knot) => ((left[knot] * lefts) + (right[knot] * rights)) / (lefts + rights);

    /// <summary>The first knot that is not below a value.</summary>
    private int NotBelow(double value)
    {
        var at = Array.BinarySearch(knots, value);
        return at < 0 ? ~at : at;
    }

    private static IEnumerable<double> Spaced(double[] sorted)
    {
        const int Most = MostKnots / 2;
        return sorted.Length <= Most ? sorted : Enumerable.Range(0, Most).Select(i => sorted[(int)((long)i * (sorted.Length - 1) / (Most - 1))]);
    }

    private double[] Shares(double[] sorted)
    {
        var (shares, at) = (new double[knots.Length], 0);
        for (var k = 0; k < knots.Length; k++)
        {
            while (at < sorted.Length && sorted[at] <= knots[k])
            {
                at++;
            }

            shares[k] = (double)at / sorted.Length;
        }

        return shares;
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
