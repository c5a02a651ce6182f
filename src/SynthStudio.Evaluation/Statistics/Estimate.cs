namespace SynthStudio.Evaluation.Statistics;

/// <summary>A figure and the interval that holds the true one in 95 of 100 repetitions.</summary>
/// <param name="Value">What was measured.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
public sealed record Estimate(double Value, double Low, double High)
{
    /// <summary>Standard deviations from the middle to the ends of a 95 % interval.</summary>
    internal const double Z = 1.959964;

    /// <summary>The figure give or take <see cref="Z"/> standard errors, kept between two bounds.</summary>
    internal static Estimate OfNormal(double value, double standardError, double least = 0, double most = 1) => new(
        Math.Clamp(value, least, most),
        Math.Clamp(value - (Z * standardError), least, most),
        Math.Clamp(value + (Z * standardError), least, most));

    /// <summary>The share of successes, with Wilson's score interval (Wilson 1927): sensible also for none, all, and few attempts.</summary>
    internal static Estimate OfShare(long successes, long attempts)
    {
        if (attempts == 0)
        {
            return new Estimate(0, 0, 1);
        }

        var (share, z2) = ((double)successes / attempts, Z * Z);
        var centre = (successes + (z2 / 2)) / (attempts + z2);
        var half = Z / (attempts + z2) * Math.Sqrt((share * (1 - share) * attempts) + (z2 / 4));
        return new Estimate(share, Math.Max(0, centre - half), Math.Min(1, centre + half));
    }
}
