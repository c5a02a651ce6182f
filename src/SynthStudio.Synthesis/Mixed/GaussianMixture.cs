namespace SynthStudio.Synthesis.Mixed;

/// <summary>A mixture of normal distributions on the line, found by expectation and maximisation on weighted points.</summary>
/// <param name="Weights">Shares of the components; they add up to 1.</param>
/// <param name="Means">Their means, ascending.</param>
/// <param name="Deviations">Their standard deviations, above 0.</param>
public sealed record GaussianMixture(double[] Weights, double[] Means, double[] Deviations)
{
    private const int ClusterRounds = 10, MostRounds = 100;

    /// <summary>Components with a smaller share are dropped at the end (CTGAN, arXiv:1907.00503, keeps the same).</summary>
    private const double LeastShare = 0.005;

    /// <summary>Smallest deviation of a component, as a share of the deviation of all points.</summary>
    private const double LeastDeviation = 1e-3;

    /// <summary>What rounding may make of a variance, as a share of the mean's square; and what is left where that is 0, too.</summary>
    private const double Rounding = 1e-12, LeastVariance = 1e-300;

    public int Count => Weights.Length;

    /// <summary>
    /// Fits a mixture of at most <paramref name="most"/> components. A component that does not hold the rows its parameters cost vanishes on
    /// the way (Figueiredo and Jain, IEEE PAMI 24(3), 2002, eq. 17), so their number follows the data, as with a Dirichlet process prior.
    /// </summary>
    /// <param name="points">Ascending values with the rows each stands for and the variance of those rows; at least one.</param>
    /// <param name="most">At least 1.</param>
    public static GaussianMixture Fit(IReadOnlyList<(double Value, double Rows, double Variance)> points, int most)
    {
        var rows = points.Sum(p => p.Rows);
        var mean = points.Sum(p => p.Rows * p.Value) / rows;
        var variance = points.Sum(p => p.Rows * ((p.Value - mean) * (p.Value - mean) + p.Variance)) / rows;
        var floor = Math.Max(Math.Max(variance * LeastDeviation * LeastDeviation, Rounding * mean * mean), LeastVariance);
        var (weights, means, variances) = Cluster(points, rows, Math.Min(most, points.Count), floor);
        var before = double.NegativeInfinity;
        for (var round = 0; round < MostRounds; round++)
        {
            var logLikelihood = Round(points, rows, floor, ref weights, ref means, ref variances);
            if (logLikelihood - before < 1e-5 * rows && round > 0) break;
            before = logLikelihood;
        }

        var kept = Enumerable.Range(0, weights.Length).Where(k => weights[k] >= LeastShare).OrderBy(k => means[k]).ToArray();
        if (kept.Length == 0) kept = [Array.IndexOf(weights, weights.Max())];
        var total = kept.Sum(k => weights[k]);
        return new GaussianMixture(
            Array.ConvertAll(kept, k => weights[k] / total), Array.ConvertAll(kept, k => means[k]), Array.ConvertAll(kept, k => Math.Sqrt(variances[k])));
    }

    /// <summary>Writes the probability of each component to have made <paramref name="value"/>.</summary>
    public void Responsibilities(double value, Span<double> probabilities)
    {
        double top = double.NegativeInfinity, sum = 0;
        for (var k = 0; k < Count; k++)
        {
            var z = (value - Means[k]) / Deviations[k];
            probabilities[k] = Math.Log(Weights[k] / Deviations[k]) - z * z / 2;
            top = Math.Max(top, probabilities[k]);
        }

        for (var k = 0; k < Count; k++) sum += probabilities[k] = Math.Exp(probabilities[k] - top);
        for (var k = 0; k < Count; k++) probabilities[k] /= sum;
    }

    /// <summary>Lloyd's k-means from quantiles: where the components begin.</summary>
    private static (double[] Weights, double[] Means, double[] Variances) Cluster(
        IReadOnlyList<(double Value, double Rows, double Variance)> points, double rows, int count, double floor)
    {
        var centers = new double[count];
        double below = 0;
        for (int i = 0, k = 0; i < points.Count; i++)
        {
            below += points[i].Rows;
            while (k < count && below >= (k + 0.5) / count * rows) centers[k++] = points[i].Value;
        }

        centers = [.. centers.Distinct()];
        var (mass, first, second) = (new double[centers.Length], new double[centers.Length], new double[centers.Length]);
        for (var round = 0; round < ClusterRounds; round++)
        {
            Array.Clear(mass);
            Array.Clear(first);
            Array.Clear(second);
            var k = 0;
            foreach (var (value, weight, variance) in points)
            {
                while (k + 1 < centers.Length && value > (centers[k] + centers[k + 1]) / 2) k++;
                mass[k] += weight;
                first[k] += weight * value;
                second[k] += weight * (value * value + variance);
            }

            for (var c = 0; c < centers.Length; c++) if (mass[c] > 0) centers[c] = first[c] / mass[c];
        }

        var variances = new double[centers.Length];
        for (var c = 0; c < centers.Length; c++) variances[c] = Math.Max(mass[c] > 0 ? second[c] / mass[c] - centers[c] * centers[c] : floor, floor);
        return (Array.ConvertAll(mass, m => Math.Max(m / rows, 1e-9)), centers, variances);
    }

    /// <summary>One round of expectation and maximisation.</summary>
    /// <returns>The log-likelihood before it.</returns>
    private static double Round(
        IReadOnlyList<(double Value, double Rows, double Variance)> points, double rows, double floor,
        ref double[] weights, ref double[] means, ref double[] variances)
    {
        var count = weights.Length;
        var (mass, shift, square, share) = (new double[count], new double[count], new double[count], new double[count]);
        var logScale = new double[count];
        for (var k = 0; k < count; k++) logScale[k] = Math.Log(weights[k]) - 0.5 * Math.Log(2 * Math.PI * variances[k]);
        double logLikelihood = 0;
        foreach (var (value, weight, variance) in points)
        {
            double top = double.NegativeInfinity, sum = 0;
            for (var k = 0; k < count; k++)
            {
                var distance = value - means[k];
                share[k] = logScale[k] - (distance * distance + variance) / (2 * variances[k]);
                top = Math.Max(top, share[k]);
            }

            for (var k = 0; k < count; k++) sum += share[k] = share[k] - top < -40 ? 0 : Math.Exp(share[k] - top);
            logLikelihood += weight * (top + Math.Log(sum));
            for (var k = 0; k < count; k++)
            {
                if (share[k] == 0) continue;
                var r = weight * share[k] / sum;
                var distance = value - means[k];
                mass[k] += r;
                shift[k] += r * distance;
                square[k] += r * (distance * distance + variance);
            }
        }

        // A component has two parameters of its own, mean and variance: it must hold one row more for them, or vanish.
        var alive = Enumerable.Range(0, count).Where(k => mass[k] > 1).ToArray();
        if (alive.Length == 0) return logLikelihood;
        var total = alive.Sum(k => mass[k] - 1);
        var (oldMeans, oldWeights) = (means, weights);
        weights = Array.ConvertAll(alive, k => (mass[k] - 1) / total);
        means = Array.ConvertAll(alive, k => oldMeans[k] + shift[k] / mass[k]);
        variances = Array.ConvertAll(alive, k => Math.Max(square[k] / mass[k] - shift[k] / mass[k] * (shift[k] / mass[k]), floor));
        return oldWeights.Length == weights.Length ? logLikelihood : double.NegativeInfinity;
    }
}
