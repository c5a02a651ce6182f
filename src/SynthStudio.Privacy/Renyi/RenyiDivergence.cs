using SynthStudio.Privacy.Events;
using SynthStudio.Privacy.Numerics;

namespace SynthStudio.Privacy.Renyi;

/// <summary>Rényi divergence of order alpha between an event's outcomes on neighbouring tables: the larger of both directions.</summary>
internal static class RenyiDivergence
{
    /// <exception cref="PrivacyException">No bound is known for this kind of event.</exception>
    public static double Of(PrivacyEvent e, double alpha) => e switch
    {
        GaussianEvent { NoiseMultiplier: 0 } or NonPrivateEvent => double.PositiveInfinity,
        GaussianEvent gaussian => Gaussian(gaussian.NoiseMultiplier, alpha),
        DiscreteGaussianEvent discrete => Gaussian(discrete.NoiseMultiplier, alpha), // 1/(2 sigma^2)-zCDP: arXiv:2004.00010, theorem 4
        LaplaceEvent laplace => Laplace(laplace.NoiseMultiplier, alpha),
        ExponentialMechanismEvent exponential => BoundedRange(exponential.Epsilon, alpha),
        ApproximateDpEvent approximate => RandomizedResponse(approximate.Epsilon, alpha),
        ZeroConcentratedEvent concentrated => concentrated.Rho * alpha,
        PoissonSampledEvent { SampleRate: 0 } => 0,
        PoissonSampledEvent { SampleRate: 1 } all => Of(all.Mechanism, alpha),
        PoissonSampledEvent { Mechanism: GaussianEvent { NoiseMultiplier: 0 } } => double.PositiveInfinity,
        PoissonSampledEvent { Mechanism: GaussianEvent gaussian } sampled => SampledGaussian.Divergence(sampled.SampleRate, gaussian.NoiseMultiplier, alpha),
        UserLevelSampledGaussianEvent user => GaussianMixture.Divergence(user, alpha),
        _ => throw new PrivacyException(PrivacyError.UnsupportedEvent, $"The rdp accountant has no bound for '{e.Kind}'; use pld.", e.Kind),
    };

    private static double Gaussian(double sigma, double alpha) => alpha / (2 * sigma * sigma);

    /// <summary>Mironov, arXiv:1702.07476, proposition 6.</summary>
    private static double Laplace(double scale, double alpha) =>
        LogMath.Add(
            Math.Log(alpha / (2 * alpha - 1)) + (alpha - 1) / scale,
            Math.Log((alpha - 1) / (2 * alpha - 1)) - alpha / scale) / (alpha - 1);

    /// <summary>An exponential mechanism is epsilon-bounded-range (Dong, Durfee, Rogers, arXiv:1909.13830); never more than pure epsilon-DP gives.</summary>
    private static double BoundedRange(double epsilon, double alpha)
    {
        if (epsilon == 0) return 0;
        var ratio = epsilon / LogMath.Expm1(epsilon);
        var excess = epsilon < 1e-2 ? 0 : ratio - 1 - Math.Log(ratio) - epsilon * epsilon / 8; // 0 bounds it from above: it is -eps^4/576 + ...
        return Math.Min(Math.Min(excess + alpha * epsilon * epsilon / 8, alpha * epsilon * epsilon / 8), RandomizedResponse(epsilon, alpha));
    }

    /// <summary>The worst case of pure epsilon-DP: a coin that is e^epsilon times likelier to tell the truth.</summary>
    private static double RandomizedResponse(double epsilon, double alpha)
    {
        var logTruth = -LogMath.Log1P(Math.Exp(-epsilon));
        var logLie = logTruth - epsilon;
        return LogMath.Add(alpha * logTruth + (1 - alpha) * logLie, alpha * logLie + (1 - alpha) * logTruth) / (alpha - 1);
    }
}
