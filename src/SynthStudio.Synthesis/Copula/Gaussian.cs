using MathNet.Numerics.Distributions;

namespace SynthStudio.Synthesis.Copula;

/// <summary>The standard normal distribution.</summary>
internal static class Gaussian
{
    /// <summary>Φ(z).</summary>
    public static double Below(double z) => Normal.CDF(0, 1, z);

    /// <summary>Φ⁻¹(p); infinite at 0 and 1.</summary>
    public static double Quantile(double p) =>
        p <= 0 ? double.NegativeInfinity : p >= 1 ? double.PositiveInfinity : Normal.InvCDF(0, 1, p);

    /// <summary>φ(z).</summary>
    public static double Density(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);

    /// <summary>The probability of an interval, exact in the tails.</summary>
    public static double Between(double low, double high) => low > 0 ? Below(-low) - Below(-high) : Below(high) - Below(low);

    /// <summary>A draw from the distribution cut to an interval, by inversion in the tail where it lies.</summary>
    public static double Truncated(double low, double high, double uniform)
    {
        if (low > 0) return -Truncated(-high, -low, 1 - uniform);
        var (from, to) = (Below(low), Below(high));
        var z = Quantile(from + uniform * (to - from));
        return Math.Clamp(z, low, high);
    }
}
