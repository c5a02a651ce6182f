using SynthStudio.Privacy.Numerics;

namespace SynthStudio.Privacy.Loss;

/// <summary>Poisson-sampled Gaussian noise: r(z) = 1 - q + q exp((2z - 1) / (2 sigma^2)).</summary>
internal sealed class SampledGaussianRatio(double q, double sigma) : DensityRatio(sigma, 1)
{
    public override double LogRatio(double z)
    {
        var exponent = (2 * z - 1) / (2 * Sigma * Sigma);
        return q == 1 ? exponent : exponent > 700 ? exponent + Math.Log(q) : LogMath.Log1P(q * LogMath.Expm1(exponent));
    }

    public override double Inverse(double loss)
    {
        if (q == 1) return 0.5 + Sigma * Sigma * loss;
        if (loss > 700) return 0.5 + Sigma * Sigma * (loss - Math.Log(q));
        var scaled = LogMath.Expm1(loss) / q;
        return scaled <= -1 ? double.NegativeInfinity : 0.5 + Sigma * Sigma * LogMath.Log1P(scaled);
    }
}
