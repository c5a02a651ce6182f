using MathNet.Numerics;

namespace SynthStudio.Privacy.Auditing;

/// <summary>
/// What one run with many canaries, each included by a fair coin, says of epsilon (Steinke, Nasr, Jagielski, arXiv:2305.08846, theorem 5.2).
/// </summary>
public static class OneRunAudit
{
    private const double MostEpsilon = 50;

    /// <summary>Probability of so many right guesses if the mechanism were (epsilon, delta)-DP; small values refute the claim.</summary>
    /// <param name="canaries">m.</param>
    /// <param name="guesses">r, canaries that a guess was made of.</param>
    /// <param name="right">v.</param>
    /// <param name="epsilon">Claimed, 0 or more.</param>
    /// <param name="delta">Claimed, 0 to 1.</param>
    public static double PValue(int canaries, int guesses, int right, double epsilon, double delta)
    {
        Ranges.NotNegative(epsilon, "epsilon");
        Ranges.Probability(delta, "delta");
        var q = 1 / (1 + Math.Exp(-epsilon));
        var tail = Tail(guesses, right, q);
        if (delta == 0) return tail;
        double worst = 0;
        for (var i = 1; i <= right; i++) worst = Math.Max(worst, (Tail(guesses, right - i, q) - tail) / i);
        return Math.Min(1, tail + 2.0 * canaries * delta * worst);
    }

    /// <summary>The largest epsilon that the guesses refute at a level of significance; 0 when they refute none.</summary>
    public static double Epsilon(int canaries, int guesses, int right, double delta, double significance)
    {
        if (PValue(canaries, guesses, right, 0, delta) >= significance) return 0;
        double low = 0, high = MostEpsilon;
        while (high - low > 1e-12 * high)
        {
            var middle = 0.5 * (low + high);
            if (middle <= low || middle >= high) break;
            if (PValue(canaries, guesses, right, middle, delta) < significance) low = middle;
            else high = middle;
        }

        return low;
    }

    /// <summary>Probability that a binomial number is at least <paramref name="least"/>.</summary>
    private static double Tail(int trials, int least, double probability) =>
        least <= 0 ? 1 : SpecialFunctions.BetaRegularized(least, trials - least + 1, probability);
}
