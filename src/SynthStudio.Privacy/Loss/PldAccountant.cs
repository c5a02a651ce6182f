using SynthStudio.Privacy.Events;

namespace SynthStudio.Privacy.Loss;

/// <summary>
/// Accounts by privacy loss distributions: the tightest figures, for what is shown and for calibration. Both directions are
/// kept; the worse counts.
/// </summary>
/// <param name="interval">Step of the loss grid; smaller is tighter and slower.</param>
public sealed class PldAccountant(double interval = PrivacyLossDistribution.DefaultInterval) : IPrivacyAccountant
{
    /// <summary>Above this much delta a run, the rounding of an untilted composition could show in the sixth digit of epsilon.</summary>
    private const double RoundingOfOneRun = 1e-9;

    /// <summary>Smaller deltas can only be read from a tilted composition.</summary>
    private const double LeastUntilted = 1e-11;

    private readonly double _interval = Ranges.Positive(interval, "interval");

    public string Name => "pld";

    public double Epsilon(PrivacyEvent privacyEvent, double delta)
    {
        Ranges.OpenProbability(delta, "delta");
        return Worst(privacyEvent, parts =>
        {
            var first = Compose(parts, 0).Epsilon(Math.Max(delta, LeastUntilted))!.Value;
            if (!double.IsFinite(first) || first == 0 || parts.Losses.Sum(part => part.Count) * RoundingOfOneRun < delta) return first;
            return Compose(parts, Tilt(parts, first)).Epsilon(delta) ?? first;
        });
    }

    public double Delta(PrivacyEvent privacyEvent, double epsilon)
    {
        Ranges.NotNegative(epsilon, "epsilon");
        return Worst(privacyEvent, parts => Compose(parts, Tilt(parts, epsilon)).Delta(epsilon));
    }

    /// <summary>The most an attacker can reach: share of members found when <paramref name="falsePositiveRate"/> of the others are accused too.</summary>
    /// <remarks>The least over epsilon of e^epsilon FPR + delta(epsilon) (Wasserman, Zhou, arXiv:0811.2501), on a grid of epsilons.</remarks>
    public double TruePositiveRate(PrivacyEvent privacyEvent, double falsePositiveRate)
    {
        Ranges.Probability(falsePositiveRate, "false_positive_rate");
        return Worst(privacyEvent, parts =>
        {
            var best = 1.0;
            foreach (var (epsilon, delta) in Compose(parts, 0).Deltas(-20, 20, 0.01)) best = Math.Min(best, Math.Exp(epsilon) * falsePositiveRate + delta);
            return best;
        });
    }

    private double Worst(PrivacyEvent privacyEvent, Func<Parts, double> read)
    {
        var atoms = PrivacyEvents.Flatten(privacyEvent);
        var remove = read(Split(Adjacency.Remove));
        return atoms.All(a => IsSymmetric(a.Event)) ? remove : Math.Max(remove, read(Split(Adjacency.Add)));

        Parts Split(Adjacency adjacency) => new([.. atoms.Select(a => (Of(a.Event, adjacency), a.Count))]);
    }

    private static double Tilt(Parts parts, double loss) =>
        LossMoments.TiltTo(loss, [.. parts.Losses.Select(part => (part.Loss.Moments(), part.Count))]);

    private PrivacyLossDistribution Compose(Parts parts, double tilt)
    {
        PrivacyLossDistribution? total = null;
        foreach (var (loss, count) in parts.Losses)
        {
            var part = (tilt == 0 ? loss : loss.Tilted(tilt)).Times(count);
            total = total is null ? part : total.Plus(part);
        }

        return total ?? PrivacyLossDistribution.Identity(_interval);
    }

    private sealed record Parts(IReadOnlyList<(PrivacyLossDistribution Loss, long Count)> Losses);

    private PrivacyLossDistribution Of(PrivacyEvent e, Adjacency adjacency) => e switch
    {
        NonPrivateEvent or GaussianEvent { NoiseMultiplier: 0 } => PrivacyLossDistribution.NonPrivate(_interval),
        PoissonSampledEvent { SampleRate: 0 } => PrivacyLossDistribution.Identity(_interval),
        PoissonSampledEvent { SampleRate: 1 } all => Of(all.Mechanism, adjacency),
        PoissonSampledEvent { Mechanism: GaussianEvent { NoiseMultiplier: 0 } } sampled =>
            Discretise(new SampledProfile(new ApproximateDpProfile(0, 1), sampled.SampleRate, adjacency)),
        PoissonSampledEvent { Mechanism: GaussianEvent gaussian } sampled =>
            Discretise(new SampledGaussianRatio(sampled.SampleRate, gaussian.NoiseMultiplier), adjacency),
        PoissonSampledEvent sampled => Discretise(new SampledProfile(Symmetric(sampled.Mechanism), sampled.SampleRate, adjacency)),
        UserLevelSampledGaussianEvent { SampleRate: 0 } => PrivacyLossDistribution.Identity(_interval),
        UserLevelSampledGaussianEvent user => Discretise(new MixtureRatio(user), adjacency),
        GaussianEvent gaussian => Discretise(new SampledGaussianRatio(1, gaussian.NoiseMultiplier), adjacency),
        _ => Discretise(Symmetric(e)),
    };

    private static PrivacyProfile Symmetric(PrivacyEvent e) => e switch
    {
        DiscreteGaussianEvent discrete => new DiscreteGaussianProfile(discrete.NoiseMultiplier),
        LaplaceEvent laplace => new LaplaceProfile(laplace.NoiseMultiplier),
        ExponentialMechanismEvent exponential => new ApproximateDpProfile(exponential.Epsilon, 0),
        ApproximateDpEvent box => new ApproximateDpProfile(box.Epsilon, box.Delta),
        _ => throw new PrivacyException(PrivacyError.UnsupportedEvent, $"The pld accountant has no loss distribution for '{e.Kind}'; use rdp.", e.Kind),
    };

    private static bool IsSymmetric(PrivacyEvent e) => e is not (PoissonSampledEvent or UserLevelSampledGaussianEvent);

    private PrivacyLossDistribution Discretise(PrivacyProfile profile) => ConnectTheDots.Of(profile, _interval);

    private PrivacyLossDistribution Discretise(DensityRatio ratio, Adjacency adjacency) => ConnectTheDots.Of(ratio, adjacency, _interval);
}
