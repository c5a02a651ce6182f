using System.Buffers;
using SynthStudio.Privacy.Numerics;

namespace SynthStudio.Privacy.Renyi;

/// <summary>
/// Rényi divergence of the Poisson-sampled Gaussian (Mironov, Talwar, Zhang, arXiv:1908.10530) at any real order above 1: log A / (alpha - 1)
/// with A = E[r^alpha], r(z) = 1 - q + q exp((2z - 1) / (2 sigma^2)), z normal with standard deviation sigma. The integral is taken by the
/// trapezoid rule, whose error falls faster than any power of the step for such integrands.
/// </summary>
internal static class SampledGaussian
{
    private const double TailInSigmas = 12;
    private const int PointsPerSigma = 20;
    private const int LeastPoints = 4001;
    private const double LargestExponent = 700;

    /// <summary>Lifts the result above what rounding can have taken away; the quadrature itself is exact to about 3e-13.</summary>
    private const double RoundingGuard = 1 + 1e-12;

    /// <param name="q">Sample rate, strictly between 0 and 1.</param>
    /// <param name="sigma">Noise multiplier, above 0.</param>
    /// <param name="alpha">Order, above 1.</param>
    public static double Divergence(double q, double sigma, double alpha) => RoundingGuard * LogMoment(q, sigma, alpha) / (alpha - 1);

    /// <summary>log A.</summary>
    public static double LogMoment(double q, double sigma, double alpha)
    {
        var low = -TailInSigmas * sigma;
        var high = alpha + TailInSigmas * sigma;
        var points = (int)Math.Max(LeastPoints, (high - low) / sigma * PointsPerSigma);
        var step = (high - low) / (points - 1);
        var huge = (2 * high - 1) / (2 * sigma * sigma) > LargestExponent;
        var terms = ArrayPool<double>.Shared.Rent(points);
        try
        {
            var logDensity = -Math.Log(sigma * Math.Sqrt(2 * Math.PI));
            for (var i = 0; i < points; i++)
            {
                var z = low + i * step;
                terms[i] = alpha * LogRatio(q, Exponent(z, sigma), huge) - z * z / (2 * sigma * sigma) + logDensity;
            }

            var log = LogMath.Sum(terms.AsSpan(0, points)) + Math.Log(step);
            return huge || log > 0.5 ? log : NearOne(q, sigma, alpha, low, step, points, logDensity);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(terms);
        }
    }

    /// <summary>A - 1 = E[r^alpha - 1 - alpha (r - 1)], since E[r] = 1: every term is 0 or more, so nothing cancels when A is close to 1.</summary>
    private static double NearOne(double q, double sigma, double alpha, double low, double step, int points, double logDensity)
    {
        var sum = 0.0;
        for (var i = 0; i < points; i++)
        {
            var z = low + i * step;
            var d = q * LogMath.Expm1(Exponent(z, sigma));
            sum += Math.Exp(logDensity - z * z / (2 * sigma * sigma)) * Bernoulli(alpha, d);
        }

        return LogMath.Log1P(sum * step);
    }

    /// <summary>(1 + d)^alpha - 1 - alpha d, by its series where the difference would cancel.</summary>
    private static double Bernoulli(double alpha, double d)
    {
        if (Math.Abs(alpha * d) > 1e-3) return LogMath.Expm1(alpha * LogMath.Log1P(d)) - alpha * d;
        var term = alpha * (alpha - 1) / 2 * d * d;
        var sum = term;
        for (var k = 3; k <= 9; k++)
        {
            term *= (alpha - k + 1) / k * d;
            sum += term;
        }

        return sum;
    }

    private static double Exponent(double z, double sigma) => (2 * z - 1) / (2 * sigma * sigma);

    private static double LogRatio(double q, double exponent, bool huge) =>
        huge ? LogMath.Add(LogMath.Log1P(-q), Math.Log(q) + exponent) : LogMath.Log1P(q * LogMath.Expm1(exponent));
}
