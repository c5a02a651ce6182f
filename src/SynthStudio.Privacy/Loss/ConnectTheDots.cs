using SynthStudio.Privacy.Numerics;

namespace SynthStudio.Privacy.Loss;

/// <summary>
/// Connect-the-dots discretisation (Doroshenko et al., arXiv:2207.04380): the unique distribution on the loss grid whose delta equals the true one
/// at every grid point and is linear in e^epsilon between them, so never below the truth.
/// </summary>
internal static class ConnectTheDots
{
    /// <summary>Pieces of the integration are at most this long, in standard deviations.</summary>
    private const double LongestPiece = 1.0 / 16;

    // Three-point Gauss-Legendre on [0, 1].
    private static readonly double[] Nodes = [0.5 - Math.Sqrt(0.15), 0.5, 0.5 + Math.Sqrt(0.15)];
    private static readonly double[] Weights = [5.0 / 18, 8.0 / 18, 5.0 / 18];

    /// <summary>From the curve delta(epsilon), by its second differences. For curves made of few pieces.</summary>
    public static PrivacyLossDistribution Of(PrivacyProfile profile, double interval)
    {
        var lowest = (long)Math.Floor(profile.LeastLoss / interval);
        var highest = Math.Max(lowest + 1, (long)Math.Ceiling(profile.GreatestLoss / interval));
        PrivacyLossDistribution.DemandGrid((Int128)highest - lowest + 1);
        var delta = new double[highest - lowest + 1];
        var above = 1.0;
        for (var i = 0; i < delta.Length; i++)
        {
            above = Math.Min(above, Math.Clamp(profile.Delta((lowest + i) * interval), 0, 1));
            delta[i] = above;
        }

        var growth = LogMath.Expm1(interval);
        var ratio = Math.Exp(interval);
        var last = delta.Length - 1;
        var mass = new double[delta.Length];
        mass[0] = Math.Max(0, 1 - delta[0] + (delta[1] - delta[0]) / growth);
        for (var i = 1; i < last; i++) mass[i] = Math.Max(0, (delta[i + 1] - delta[i] - ratio * (delta[i] - delta[i - 1])) / growth);
        mass[last] = Math.Max(0, (delta[last - 1] - delta[last]) / -LogMath.Expm1(-interval));
        return new PrivacyLossDistribution(interval, lowest, mass, delta[last]);
    }

    /// <summary>
    /// From the densities, by integrating each grid interval. Between the grid losses a and b = a + h, the upper one gets
    /// ∫ (r - e^a) dQ / (1 - e^-h) and the lower one ∫ (e^b - r) dQ / (e^h - 1): sums of positive terms, where second differences of delta would
    /// lose all digits of small masses, which a composition of many steps then multiplies.
    /// </summary>
    public static PrivacyLossDistribution Of(DensityRatio ratio, Adjacency adjacency, double interval)
    {
        var tail = NormalTail.Quantile * ratio.Sigma;
        var (first, end) = (-tail, ratio.MaxShift + tail);
        var lowest = (long)Math.Floor(ratio.LogRatio(first) / interval);
        var highest = Math.Max(lowest + 1, (long)Math.Ceiling(ratio.LogRatio(end) / interval));
        PrivacyLossDistribution.DemandGrid((Int128)highest - lowest + 1);
        var mass = new double[highest - lowest + 1];
        var (toUpper, toLower) = (1 / -LogMath.Expm1(-interval), 1 / LogMath.Expm1(interval));
        var z = first;
        for (var i = 0; i < mass.Length - 1; i++)
        {
            var (a, b) = ((lowest + i) * interval, (lowest + i + 1) * interval);
            var next = i == mass.Length - 2 ? end : Math.Clamp(ratio.Inverse(b), z, end);
            var (above, below) = Integrate(ratio, a, b, z, next);
            mass[i] += below * toLower;
            mass[i + 1] += above * toUpper;
            z = next;
        }

        var outside = NormalTail.Probability;
        return adjacency == Adjacency.Remove
            ? new PrivacyLossDistribution(interval, lowest, mass, outside)
            : new PrivacyLossDistribution(interval, -highest, Reversed(mass, lowest, interval), outside);
    }

    /// <summary>(∫ (r - e^a) dQ, ∫ (e^b - r) dQ) from <paramref name="from"/> to <paramref name="to"/>.</summary>
    private static (double Above, double Below) Integrate(DensityRatio ratio, double a, double b, double from, double to)
    {
        if (to <= from) return (0, 0);
        var pieces = (int)Math.Ceiling((to - from) / (LongestPiece * ratio.Sigma));
        var step = (to - from) / pieces;
        var scale = step / (ratio.Sigma * Math.Sqrt(2 * Math.PI));
        double above = 0, below = 0;
        for (var piece = 0; piece < pieces; piece++)
        {
            for (var node = 0; node < Nodes.Length; node++)
            {
                var z = from + (piece + Nodes[node]) * step;
                var loss = Math.Clamp(ratio.LogRatio(z), a, b);
                var weight = Weights[node] * scale;
                var log = -z * z / (2 * ratio.Sigma * ratio.Sigma);
                above += weight * Math.Exp(log + a) * LogMath.Expm1(loss - a);
                below -= weight * Math.Exp(log + b) * LogMath.Expm1(loss - b);
            }
        }

        return (above, below);
    }

    /// <summary>Adding is removing seen from Q: a loss l of probability p becomes the loss -l of probability p e^-l.</summary>
    private static double[] Reversed(double[] mass, long lowest, double interval)
    {
        var reversed = new double[mass.Length];
        for (var i = 0; i < mass.Length; i++)
            reversed[^(i + 1)] = mass[i] == 0 ? 0 : Math.Exp(Math.Log(mass[i]) - (lowest + i) * interval);
        return reversed;
    }
}
