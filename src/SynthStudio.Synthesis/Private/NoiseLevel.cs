using SynthStudio.Privacy.Events;
using SynthStudio.Privacy.Noise;

namespace SynthStudio.Synthesis.Private;

/// <summary>Gaussian noise for counts that one unit changes by at most its rows, and what one release with it costs.</summary>
/// <remarks>
/// A unit of one row changes one count by 1: whole-number noise, whose loss distribution is known exactly. A unit of several rows may change one count
/// by all of them or several by one each, and no single loss distribution of whole-number noise is proven to cover that. Its noise is on a fine
/// grid, where it costs what a continuous Gaussian costs, in whichever direction the counts move (<see cref="LatticeGaussian"/>).
/// </remarks>
internal sealed class NoiseLevel
{
    private readonly DiscreteGaussian? whole;
    private readonly long unit;

    /// <param name="multiplier">Standard deviation over the sensitivity; rounded up a little.</param>
    /// <param name="rowsPerUnit">Most rows of a unit: the counts' sensitivity in the Euclidean norm.</param>
    public NoiseLevel(double multiplier, int rowsPerUnit)
    {
        if (rowsPerUnit == 1)
        {
            whole = new DiscreteGaussian(multiplier);
            (Deviation, Event) = (whole.Sigma, new DiscreteGaussianEvent(whole.Sigma));
            return;
        }

        unit = (long)(LatticeGaussian.Sigma / (multiplier * rowsPerUnit));
        ArgumentOutOfRangeException.ThrowIfZero(unit, nameof(multiplier));
        Deviation = LatticeGaussian.Sigma / unit;
        Event = new GaussianEvent(Deviation / rowsPerUnit);
    }

    /// <summary>Standard deviation of the noise.</summary>
    public double Deviation { get; }

    /// <summary>The event of one release.</summary>
    public PrivacyEvent Event { get; }

    /// <summary>A count with noise: the mean of so many releases of it.</summary>
    /// <remarks>Whole numbers are added up and divided once: no digit of a rounded sum tells count and noise apart.</remarks>
    /// <param name="count">Exact.</param>
    /// <param name="bits">Where the chance of whole numbers comes from; the fine grid's is always the operating system's.</param>
    /// <param name="releases">Each is an <see cref="Event"/>.</param>
    public double Noisy(long count, SecureBits bits, int releases = 1)
    {
        if (whole is null)
        {
            Span<long> noise = releases <= 64 ? stackalloc long[releases] : new long[releases];
            LatticeGaussian.OfThread.Fill(noise);
            var sum = (Int128)count * releases * unit;
            foreach (var each in noise) sum += each;
            return (double)sum / ((double)releases * unit);
        }

        var total = count * releases;
        for (var release = 0; release < releases; release++) total += whole.Sample(bits);
        return total / (double)releases;
    }
}
