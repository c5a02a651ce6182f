using SynthStudio.Privacy.Noise;

namespace SynthStudio.Synthesis.DpSgd.Domain;

/// <summary>
/// Histograms with Gaussian noise, and what can be read from them without paying again. Counts are whole numbers on the noise's grid, so that the
/// noise costs what a continuous Gaussian costs (<see cref="LatticeGaussian"/>).
/// </summary>
/// <param name="sigma">Standard deviation of the noise on every count, at most 2^20; rounded up a little.</param>
internal sealed class NoisyCounts(double sigma) : IDisposable
{
    private readonly LatticeGaussian gaussian = new();
    private readonly long unit = (long)(LatticeGaussian.Sigma / sigma);

    /// <summary>The width that is to be accounted for.</summary>
    public double Sigma => LatticeGaussian.Sigma / unit;

    /// <summary>A noisy histogram. A record is in one bin of it.</summary>
    public double[] Measure(int[] bins, int count)
    {
        var noisy = new long[count];
        gaussian.Fill(noisy);
        foreach (var bin in bins) noisy[bin] += unit;
        return Array.ConvertAll(noisy, n => (double)n / unit);
    }

    public void Dispose() => gaussian.Dispose();

    /// <summary>The nearest counts, in squares, that are not negative and have a given sum: what is taken from all alike, so that noise in empty bins goes.</summary>
    public static double[] Projected(double[] noisy, double total)
    {
        var descending = noisy.OrderDescending().ToArray();
        double sum = 0, taken = 0;
        for (var i = 0; i < descending.Length; i++)
        {
            sum += descending[i];
            var share = (sum - total) / (i + 1);
            if (descending[i] <= share) break;
            taken = share;
        }

        return Array.ConvertAll(noisy, count => Math.Max(count - taken, 0));
    }
}
