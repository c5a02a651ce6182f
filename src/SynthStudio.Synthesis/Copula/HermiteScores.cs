namespace SynthStudio.Synthesis.Copula;

/// <summary>
/// A latent variable as far as the data show it: in which interval it lies. The score of an interval is the mean of the normal
/// distribution on it, E[Z | a &lt; Z &lt; b] = (φ(a) - φ(b)) / (Φ(b) - Φ(a)).
/// </summary>
internal sealed class HermiteScores
{
    /// <summary>Terms of the expansion: at |ρ| = 0.9 the rest is below 0.05 of the last coefficients, which are small themselves.</summary>
    private const int Terms = 28;

    private readonly double[] coefficients = new double[Terms];

    /// <param name="thresholds">Ascending; may be infinite at the ends, where intervals are empty.</param>
    public HermiteScores(double[] thresholds)
    {
        Scores = new double[thresholds.Length + 1];
        Span<double> atLow = stackalloc double[Terms], atHigh = stackalloc double[Terms];
        for (var i = 0; i < Scores.Length; i++)
        {
            var low = i == 0 ? double.NegativeInfinity : thresholds[i - 1];
            var high = i == thresholds.Length ? double.PositiveInfinity : thresholds[i];
            var mass = Gaussian.Between(low, high);
            if (mass <= 0) continue;
            Scores[i] = (Density(low) - Density(high)) / mass;
            Fill(low, atLow);
            Fill(high, atHigh);
            for (var k = 0; k < Terms; k++) coefficients[k] += Scores[i] * (atLow[k] - atHigh[k]) / Math.Sqrt(k + 1);
        }
    }

    /// <summary>By interval.</summary>
    public double[] Scores { get; }

    /// <summary>Var(score) = E[Z · score], at most 1: how much of the variable the intervals show.</summary>
    public double Variance => coefficients[0];

    /// <summary>
    /// The correlation of two latent variables at which their scores have the covariance seen: E[S T] = Σ ρᵏ c_k d_k, with the Hermite
    /// coefficients of the scores (Mehler's formula). For ordered cells this is a polychoric correlation by moments.
    /// </summary>
    public static double Correlation(HermiteScores x, HermiteScores y, double covariance)
    {
        double low = -Most, high = Most;
        for (var i = 0; i < 40; i++)
        {
            var middle = (low + high) / 2;
            if (Covariance(x, y, middle) < covariance) low = middle;
            else high = middle;
        }

        return (low + high) / 2;
    }

    /// <summary>Largest correlation that is estimated: columns that determine one another stay apart by a little noise.</summary>
    private const double Most = 0.995;

    private static double Covariance(HermiteScores x, HermiteScores y, double correlation)
    {
        double sum = 0;
        for (var k = Terms - 1; k >= 0; k--) sum = correlation * (sum + x.coefficients[k] * y.coefficients[k]);
        return sum;
    }

    /// <summary>h_0 … of the normalised Hermite polynomials times the density; 0 at infinity.</summary>
    private static void Fill(double z, Span<double> values)
    {
        values.Clear();
        if (double.IsInfinity(z)) return;
        var density = Density(z);
        values[0] = density;
        values[1] = z * density;
        for (var k = 2; k < Terms; k++) values[k] = (z * values[k - 1] - Math.Sqrt(k - 1) * values[k - 2]) / Math.Sqrt(k);
    }

    private static double Density(double z) => double.IsInfinity(z) ? 0 : Gaussian.Density(z);
}
