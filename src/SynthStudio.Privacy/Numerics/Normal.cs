using MathNet.Numerics;

namespace SynthStudio.Privacy.Numerics;

/// <summary>The standard normal distribution, with logarithms that stay exact far into the tails.</summary>
internal static class Normal
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    /// <summary>log of the probability of a value below <paramref name="x"/>.</summary>
    public static double LogCdf(double x)
    {
        if (x >= 0) return LogMath.Log1P(-0.5 * SpecialFunctions.Erfc(x / Constants.Sqrt2));
        return x > -36 ? Math.Log(0.5 * SpecialFunctions.Erfc(-x / Constants.Sqrt2)) : LogCdfFarTail(x);
    }

    /// <summary>The x whose <see cref="LogCdf"/> is <paramref name="logProbability"/>, by bisection.</summary>
    public static double QuantileOfLog(double logProbability)
    {
        double low = -1e4, high = 40;
        while (high - low > 1e-14 * Math.Max(1, Math.Abs(low)))
        {
            var middle = 0.5 * (low + high);
            if (middle <= low || middle >= high) break;
            if (LogCdf(middle) < logProbability) low = middle;
            else high = middle;
        }

        return low;
    }

    /// <summary>The asymptotic series of Mills' ratio; at x = -36 its first dropped term is below 1e-16.</summary>
    private static double LogCdfFarTail(double x)
    {
        var r = 1 / (x * x);
        var series = 1 - r * (1 - 3 * r * (1 - 5 * r * (1 - 7 * r)));
        return -0.5 * x * x - Math.Log(-x) - HalfLogTwoPi + Math.Log(series);
    }
}
