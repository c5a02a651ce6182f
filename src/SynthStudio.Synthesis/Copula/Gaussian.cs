using MathNet.Numerics.Distributions;

namespace SynthStudio.Synthesis.Copula;

/// <summary>The standard normal distribution.</summary>
internal static class Gaussian
{
    /// <summary>From here on the logarithm of the tail is taken from its series: the tail itself soon underflows.</summary>
    private const double FarTail = 25;

    private static readonly double LogRootTwoPi = Math.Log(2 * Math.PI) / 2;

    /// <summary>Φ(z).</summary>
    public static double Below(double z) => Normal.CDF(0, 1, z);

    /// <summary>Φ⁻¹(p); infinite at 0 and 1.</summary>
    public static double Quantile(double p) =>
        p <= 0 ? double.NegativeInfinity : p >= 1 ? double.PositiveInfinity : Normal.InvCDF(0, 1, p);

    /// <summary>φ(z).</summary>
    public static double Density(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);

    /// <summary>ln φ(z).</summary>
    public static double LogDensity(double z) => -z * z / 2 - LogRootTwoPi;

    /// <summary>The probability of an interval, exact in the tails.</summary>
    public static double Between(double low, double high) => low > 0 ? Below(-low) - Below(-high) : Below(high) - Below(low);

    /// <summary>The logarithm of the probability of an interval, however far out it lies.</summary>
    public static double LogBetween(double low, double high)
    {
        if (low <= 0 && high >= 0) return Math.Log(Between(low, high));
        if (high < 0) (low, high) = (-high, -low);
        var near = LogAbove(low);
        return double.IsPositiveInfinity(high) ? near : near + Math.Log(-Math.Exp(LogAbove(high) - near) + 1);
    }

    /// <summary>A draw from the distribution cut to an interval, by inversion in the tail where it lies.</summary>
    public static double Truncated(double low, double high, double uniform)
    {
        if (low > 0) return -Truncated(-high, -low, 1 - uniform);
        var (from, to) = (Below(low), Below(high));
        var z = Quantile(from + uniform * (to - from));
        return Math.Clamp(z, low, high);
    }

    /// <summary>ln Φ(-z) for z of at least 0 (Abramowitz and Stegun, 26.2.12).</summary>
    private static double LogAbove(double z)
    {
        if (z < FarTail) return Math.Log(Below(-z));
        var square = 1 / (z * z);
        return LogDensity(z) - Math.Log(z) + Math.Log(1 - square * (1 - 3 * square * (1 - 5 * square)));
    }
}
