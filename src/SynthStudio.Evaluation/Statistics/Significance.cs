namespace SynthStudio.Evaluation.Statistics;

/// <summary>One-sided tests: how likely is what was seen, or more of it, when nothing leaks.</summary>
internal static class Significance
{
    /// <summary>Exact sign test (McNemar 1947): of <paramref name="more"/> + <paramref name="less"/> pairs that differ, as many or more the one way.</summary>
    public static double SignTest(int more, int less) => BinomialTail(more, more + less, 0.5);

    /// <summary>Exact: <paramref name="successes"/> or more of <paramref name="trials"/>, each succeeding with chance <paramref name="share"/>.</summary>
    public static double BinomialTail(int successes, int trials, double share)
    {
        if (successes <= 0 || share >= 1)
        {
            return 1;
        }

        if (share <= 0)
        {
            return 0;
        }

        // Summed from the far end in logarithms: its terms are the smallest.
        var odds = Math.Log(share) - Math.Log(1 - share);
        var (tail, logTerm) = (0.0, trials * Math.Log(share));
        for (var k = trials; k >= successes; k--)
        {
            tail += Math.Exp(logTerm);
            logTerm += Math.Log(k) - Math.Log(trials - k + 1) - odds;
        }

        return Math.Min(1, tail);
    }

    /// <summary><see cref="BinomialTail"/> for 0, 1, … <paramref name="trials"/> successes; <paramref name="share"/> is between 0 and 1.</summary>
    public static double[] BinomialTails(int trials, double share)
    {
        var tails = new double[trials + 1];
        var odds = Math.Log(share) - Math.Log(1 - share);
        var (tail, logTerm) = (0.0, trials * Math.Log(share));
        for (var k = trials; k >= 0; k--)
        {
            tails[k] = Math.Min(1, tail += Math.Exp(logTerm));
            logTerm += Math.Log(k) - Math.Log(trials - k + 1) - odds;
        }

        return tails;
    }

    /// <summary>Whether the first share is the greater one: two proportions with pooled variance and a correction for whole numbers.</summary>
    public static double TwoShares(int successes, int attempts, int controlSuccesses, int controlAttempts)
    {
        if (attempts == 0 || controlAttempts == 0)
        {
            return 1;
        }

        double n = attempts, m = controlAttempts;
        var pooled = (successes + controlSuccesses) / (n + m);
        var deviation = Math.Sqrt(pooled * (1 - pooled) * ((1 / n) + (1 / m)));
        var correction = ((1 / n) + (1 / m)) / 2;
        return deviation == 0 ? 1 : UpperTail(((successes / n) - (controlSuccesses / m) - correction) / deviation);
    }

    /// <summary>P(Z &gt; z) of a standard normal variable: Abramowitz and Stegun 7.1.26 for its middle, the asymptotic series for its tail.</summary>
    public static double UpperTail(double z)
    {
        if (z < 0)
        {
            return 1 - UpperTail(-z);
        }

        if (z > 6)
        {
            var inverse = 1 / (z * z);
            return Math.Exp(-z * z / 2) / (z * Math.Sqrt(2 * Math.PI)) * (1 - inverse + (3 * inverse * inverse));
        }

        var t = 1 / (1 + (0.3275911 * z / Math.Sqrt(2)));
        var polynomial = ((((((((1.061405429 * t) - 1.453152027) * t) + 1.421413741) * t) - 0.284496736) * t) + 0.254829592) * t;
        return polynomial * Math.Exp(-z * z / 2) / 2;
    }
}
