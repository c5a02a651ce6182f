using SynthStudio.Privacy;
using SynthStudio.Privacy.Calibration;
using SynthStudio.Privacy.Events;
using SynthStudio.Privacy.Noise;

namespace SynthStudio.Synthesis.DpSgd;

/// <summary>
/// How a promise of (epsilon, delta) is spent by a training: fixed before the first record is read, from public facts alone.
/// </summary>
internal sealed record PrivatePlan
{
    private static readonly RememberingAccountant Accountant = new(Accountants.Get(Accountants.Default));

    /// <summary>The promise.</summary>
    public required double Epsilon { get; init; }

    public required double Delta { get; init; }

    /// <summary>What was spent before the first step, on table size, bounds or marginals.</summary>
    public required IReadOnlyList<PrivacyEvent> Before { get; init; }

    /// <summary>q: probability of each record to be in a batch.</summary>
    public required double SampleRate { get; init; }

    /// <summary>T: steps the promise is enough for, steps that a crash lost included.</summary>
    public required long Steps { get; init; }

    /// <summary>Most records of one protected unit.</summary>
    public required int RecordsPerUnit { get; init; }

    /// <summary>L: records the table is declared or was counted to have, times <see cref="SampleRate"/>.</summary>
    public required double ExpectedRecords { get; init; }

    /// <summary>C.</summary>
    public required double ClipNorm { get; init; }

    /// <summary>z: standard deviation of the noise over C.</summary>
    public double NoiseMultiplier { get; private init; }

    /// <summary>The plan with the least noise, to 1e-5 of it, that keeps the promise, proven by privacy loss distributions.</summary>
    /// <exception cref="SynthesisException">What was spent before leaves nothing for the training, or no noise is enough.</exception>
    public PrivatePlan Calibrated()
    {
        try
        {
            // The reserve is for the noise's distance from a Gaussian: see LatticeGaussian.
            var (epsilon, delta) = (Epsilon * (1 - LatticeGaussian.EpsilonReserve), Delta * (1 - LatticeGaussian.DeltaReserve));
            var noise = NoiseCalibration.NoiseMultiplier(z => (this with { NoiseMultiplier = z }).After(Steps), Accountant, epsilon, delta);
            return this with { NoiseMultiplier = noise };
        }
        catch (PrivacyException error)
        {
            throw new SynthesisException(SynthesisError.NotPrivate, $"The training does not fit into the promise: {error.Message}", error.Subject, error);
        }
    }

    /// <summary>Everything that was spent once <paramref name="steps"/> steps were noised.</summary>
    public PrivacyEvent After(long steps) => new ComposedEvent([.. Before, Step.Times(steps)]);

    /// <summary>The epsilon of <see cref="After"/> at this plan's delta.</summary>
    public double EpsilonAfter(long steps) =>
        steps == 0 && Before.Count == 0 ? 0 : Accountant.Epsilon(After(steps), Delta);

    private PrivacyEvent Step => RecordsPerUnit == 1
        ? new PoissonSampledEvent(SampleRate, new GaussianEvent(NoiseMultiplier))
        : new UserLevelSampledGaussianEvent(NoiseMultiplier, SampleRate, RecordsPerUnit);
}
