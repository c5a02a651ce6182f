using MathNet.Numerics.Distributions;

namespace SynthStudio.Privacy.Auditing;

/// <summary>Exact confidence bounds on the probability behind a count (Clopper, Pearson 1934), and what two of them say of epsilon.</summary>
public static class ClopperPearson
{
    /// <summary>A probability that the true one is below with probability at most <paramref name="significance"/>.</summary>
    public static double Lower(long successes, long trials, double significance) =>
        successes == 0 ? 0 : Beta.InvCDF(successes, trials - successes + 1, significance);

    /// <summary>A probability that the true one is above with probability at most <paramref name="significance"/>.</summary>
    public static double Upper(long successes, long trials, double significance) =>
        successes == trials ? 1 : Beta.InvCDF(successes + 1, trials - successes, 1 - significance);

    /// <summary>
    /// An epsilon that the mechanism behind an attack exceeds, unless chance of <paramref name="significance"/> misled: log((TPR - delta) / FPR) from
    /// the bounds on both rates (Nasr et al., arXiv:2101.04535).
    /// </summary>
    /// <param name="found">Members called members.</param>
    /// <param name="members">Trials with the record.</param>
    /// <param name="suspected">Others called members.</param>
    /// <param name="others">Trials without it.</param>
    /// <param name="delta">Of the claim, 0 to 1.</param>
    /// <param name="significance">In all, half of it for each rate.</param>
    /// <returns>0 or more; infinite when no other was ever suspected and none can be.</returns>
    public static double Epsilon(long found, long members, long suspected, long others, double delta, double significance)
    {
        var rate = Lower(found, members, significance / 2) - delta;
        return rate <= 0 ? 0 : Math.Max(Math.Log(rate / Upper(suspected, others, significance / 2)), 0);
    }
}
