using SynthStudio.Privacy.Events;
using SynthStudio.Privacy.Loss;
using SynthStudio.Privacy.Numerics;

namespace SynthStudio.Privacy.Renyi;

/// <summary>Rényi divergence of the user-level sampled Gaussian, by the trapezoid rule over the mixture's density ratio.</summary>
internal static class GaussianMixture
{
    private const double TailInSigmas = 12;
    private const int PointsPerSigma = 40;

    /// <summary>The larger of D(mixture, Gaussian) and D(Gaussian, mixture).</summary>
    public static double Divergence(UserLevelSampledGaussianEvent e, double alpha)
    {
        var mixture = new MixtureRatio(e);
        return Math.Max(LogMoment(mixture, alpha), LogMoment(mixture, 1 - alpha)) / (alpha - 1);
    }

    /// <summary>log E[r^power] under the Gaussian without the unit.</summary>
    private static double LogMoment(MixtureRatio mixture, double power)
    {
        var sigma = mixture.Sigma;
        var low = Math.Min(0, power * mixture.MaxShift) - TailInSigmas * sigma;
        var high = Math.Max(0, power * mixture.MaxShift) + TailInSigmas * sigma;
        var points = (int)Math.Max(4001, (high - low) / sigma * PointsPerSigma);
        var step = (high - low) / (points - 1);
        var terms = new double[points];
        for (var i = 0; i < points; i++)
        {
            var z = low + i * step;
            terms[i] = power * mixture.LogRatio(z) - z * z / (2 * sigma * sigma);
        }

        return Math.Max(0, LogMath.Sum(terms) + Math.Log(step / (sigma * Math.Sqrt(2 * Math.PI))));
    }
}
