using SynthStudio.Privacy.Concentrated;
using SynthStudio.Privacy.Events;
using SynthStudio.Privacy.Loss;

namespace SynthStudio.Privacy.Calibration;

/// <summary>The noise of a training under DP-SGD that first buys one-way marginals: what it will take, from public numbers alone.</summary>
public static class DpSgdCalibration
{
    /// <summary>Share of the promise, of 1 over the noise's variance, that buys the marginals.</summary>
    public const double MarginalShare = 0.1;

    /// <summary>A coarse grid, which never says less: an estimate need not be exact to the fifth digit, and many are asked for twice.</summary>
    private static readonly RememberingAccountant Accountant = new(new PldAccountant(1e-3));

    /// <summary>The noise multiplier of the steps that keeps the promise beside the marginals.</summary>
    /// <param name="epsilon">The promise.</param>
    /// <param name="delta">Its delta.</param>
    /// <param name="sampleRate">Probability of a record to be in a step.</param>
    /// <param name="steps">Steps.</param>
    /// <param name="recordsPerUnit">Most records of one protected unit.</param>
    /// <exception cref="PrivacyException">A number is out of range, or no noise keeps the promise.</exception>
    public static double NoiseMultiplier(double epsilon, double delta, double sampleRate, long steps, int recordsPerUnit)
    {
        var marginals = new GaussianEvent(1 / Math.Sqrt(2 * ZeroConcentrated.Rho(epsilon, delta) * MarginalShare));
        return NoiseCalibration.NoiseMultiplier(
            noise => new ComposedEvent(
            [
                marginals,
                (recordsPerUnit == 1
                    ? (PrivacyEvent)new PoissonSampledEvent(sampleRate, new GaussianEvent(noise))
                    : new UserLevelSampledGaussianEvent(noise, sampleRate, recordsPerUnit)).Times(steps),
            ]),
            Accountant, epsilon, delta);
    }
}
