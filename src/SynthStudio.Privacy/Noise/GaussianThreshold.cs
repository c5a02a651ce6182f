using SynthStudio.Privacy.Numerics;

namespace SynthStudio.Privacy.Noise;

/// <summary>Publishing which values occur at all: a value is kept when its noisy count passes a threshold that a single record reaches almost never.</summary>
public static class GaussianThreshold
{
    /// <summary>1 + sigma Phi^-1(1 - delta): a value that only one record has is published with probability at most <paramref name="delta"/>.</summary>
    /// <param name="sigma">Standard deviation of the counts' noise, above 0.</param>
    /// <param name="delta">Between 0 and 1; it adds to the delta of the noise itself.</param>
    public static double Of(double sigma, double delta)
    {
        Ranges.Positive(sigma, "sigma");
        Ranges.OpenProbability(delta, "delta");
        return 1 - sigma * Normal.QuantileOfLog(Math.Log(delta));
    }
}
