using SynthStudio.Privacy.Events;
using SynthStudio.Privacy.Noise;

namespace SynthStudio.Synthesis.Private;

/// <summary>
/// Whole-number Gaussian noise for counts that one unit changes by at most <paramref name="sensitivity"/> in all, and what one release with it
/// costs.
/// </summary>
/// <param name="multiplier">Standard deviation over the sensitivity.</param>
/// <param name="sensitivity">Most rows of a unit.</param>
internal sealed class NoiseLevel(double multiplier, int sensitivity)
{
    private readonly DiscreteGaussian noise = new(multiplier * sensitivity);

    /// <summary>Standard deviation of the noise.</summary>
    public double Deviation => noise.Sigma;

    /// <summary>
    /// The event of one release. The loss distribution of integer noise is known for a change by 1; for more the concentrated bound of
    /// Canonne, Kamath and Steinke (theorem 4), which holds for every whole number, is used.
    /// </summary>
    public PrivacyEvent Event => sensitivity == 1
        ? new DiscreteGaussianEvent(noise.Sigma)
        : new ZeroConcentratedEvent(sensitivity * (double)sensitivity / (2 * noise.Sigma * noise.Sigma));

    /// <summary>One draw.</summary>
    public long Sample(SecureBits bits) => noise.Sample(bits);
}
