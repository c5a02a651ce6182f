namespace SynthStudio.Privacy.Loss;

/// <summary>
/// A pair of outcome densities on the real line: Q is N(0, sigma^2), and P = r Q with a ratio r that grows with the outcome z. With the record
/// present the outcomes follow P, without it Q.
/// </summary>
internal abstract class DensityRatio(double sigma, int maxShift)
{
    /// <summary>Standard deviation of Q.</summary>
    public double Sigma { get; } = sigma;

    /// <summary>How far P's mass may be moved, in units of one record's sensitivity.</summary>
    public int MaxShift { get; } = maxShift;

    /// <summary>log r(z), the privacy loss.</summary>
    public abstract double LogRatio(double z);

    /// <summary>The z at which log r(z) is <paramref name="loss"/>; minus infinity where it never falls that low.</summary>
    public abstract double Inverse(double loss);
}
