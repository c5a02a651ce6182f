using SynthStudio.Privacy.Events;

namespace SynthStudio.Privacy.Concentrated;

/// <summary>Accounts by zero-concentrated DP: one number, rho, that adds up. For marginal mechanisms.</summary>
public sealed class ZcdpAccountant : IPrivacyAccountant
{
    public string Name => "zcdp";

    public double Epsilon(PrivacyEvent privacyEvent, double delta)
    {
        Ranges.OpenProbability(delta, "delta");
        var rho = Rho(privacyEvent);
        return double.IsFinite(rho) ? ZeroConcentrated.Epsilon(rho, delta) : double.PositiveInfinity;
    }

    public double Delta(PrivacyEvent privacyEvent, double epsilon)
    {
        var rho = Rho(privacyEvent);
        return double.IsFinite(rho) ? ZeroConcentrated.Delta(rho, epsilon) : 1;
    }

    /// <summary>The rho of everything in <paramref name="privacyEvent"/>.</summary>
    /// <exception cref="PrivacyException">An event has no zCDP bound.</exception>
    public static double Rho(PrivacyEvent privacyEvent) =>
        PrivacyEvents.Flatten(privacyEvent).Sum(e => e.Count * One(e.Event));

    private static double One(PrivacyEvent e) => e switch
    {
        GaussianEvent { NoiseMultiplier: 0 } or NonPrivateEvent => double.PositiveInfinity,
        GaussianEvent gaussian => Square(1 / gaussian.NoiseMultiplier) / 2,
        DiscreteGaussianEvent discrete => Square(1 / discrete.NoiseMultiplier) / 2,
        LaplaceEvent laplace => Square(1 / laplace.NoiseMultiplier) / 2,
        ExponentialMechanismEvent exponential => Square(exponential.Epsilon) / 8,
        ApproximateDpEvent { Delta: 0 } pure => Square(pure.Epsilon) / 2,
        ZeroConcentratedEvent concentrated => concentrated.Rho,
        _ => throw new PrivacyException(PrivacyError.UnsupportedEvent, $"The zcdp accountant has no bound for '{e.Kind}'; use pld or rdp.", e.Kind),
    };

    private static double Square(double x) => x * x;
}
