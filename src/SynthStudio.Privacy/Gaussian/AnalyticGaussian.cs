using SynthStudio.Privacy.Numerics;

namespace SynthStudio.Privacy.Gaussian;

/// <summary>The exact (epsilon, delta) curve of Gaussian noise (Balle, Wang, arXiv:1805.06530), sigma in units of the L2 sensitivity.</summary>
public static class AnalyticGaussian
{
    /// <summary>Phi(1/(2 sigma) - epsilon sigma) - e^epsilon Phi(-1/(2 sigma) - epsilon sigma), in logarithms; epsilon may be negative.</summary>
    public static double Delta(double sigma, double epsilon)
    {
        Ranges.Positive(sigma, "noise_multiplier");
        var log = LogDelta(sigma, epsilon);
        return Math.Exp(log);
    }

    /// <summary>The smallest epsilon at <paramref name="delta"/>, rounded to the feasible side.</summary>
    public static double Epsilon(double sigma, double delta)
    {
        Ranges.Positive(sigma, "noise_multiplier");
        Ranges.OpenProbability(delta, "delta");
        if (Delta(sigma, 0) <= delta) return 0;
        double low = 0, high = 1;
        while (Delta(sigma, high) > delta) high *= 2;
        for (var i = 0; i < 200; i++)
        {
            var middle = 0.5 * (low + high);
            if (Delta(sigma, middle) <= delta) high = middle;
            else low = middle;
        }

        return high;
    }

    internal static double LogDelta(double sigma, double epsilon)
    {
        var shift = epsilon * sigma + 1 / (2 * sigma);
        var kept = Normal.LogCdf(1 / sigma - shift);
        var taken = epsilon + Normal.LogCdf(-shift);
        return taken < kept ? kept + LogMath.Log1MExp(taken - kept) : double.NegativeInfinity;
    }
}
