using SynthStudio.Privacy.Events;

namespace SynthStudio.Privacy.Gaussian;

/// <summary>
/// Accounts compositions of plain Gaussian noise exactly: k releases with noise sigma_i are one with mu^2 = sum of 1/sigma_i^2 (Dong, Roth, Su,
/// arXiv:1905.02383). Sampled noise is refused: its central-limit approximation promises more than is true.
/// </summary>
public sealed class GdpAccountant : IPrivacyAccountant
{
    public string Name => "gdp";

    public double Epsilon(PrivacyEvent privacyEvent, double delta)
    {
        Ranges.OpenProbability(delta, "delta");
        var mu = Mu(privacyEvent);
        return mu == 0 ? 0 : double.IsFinite(mu) ? AnalyticGaussian.Epsilon(1 / mu, delta) : double.PositiveInfinity;
    }

    public double Delta(PrivacyEvent privacyEvent, double epsilon)
    {
        Ranges.NotNegative(epsilon, "epsilon");
        var mu = Mu(privacyEvent);
        return mu == 0 ? 0 : double.IsFinite(mu) ? AnalyticGaussian.Delta(1 / mu, epsilon) : 1;
    }

    /// <summary>The mu of everything in <paramref name="privacyEvent"/>.</summary>
    /// <exception cref="PrivacyException">An event is not plain Gaussian noise.</exception>
    public static double Mu(PrivacyEvent privacyEvent) =>
        Math.Sqrt(PrivacyEvents.Flatten(privacyEvent).Sum(e => e.Event switch
        {
            GaussianEvent { NoiseMultiplier: 0 } or NonPrivateEvent => double.PositiveInfinity,
            GaussianEvent gaussian => e.Count / (gaussian.NoiseMultiplier * gaussian.NoiseMultiplier),
            _ => throw new PrivacyException(PrivacyError.UnsupportedEvent, $"The gdp accountant is exact for plain Gaussian noise only, not for '{e.Event.Kind}'; use pld.", e.Event.Kind),
        }));
}
