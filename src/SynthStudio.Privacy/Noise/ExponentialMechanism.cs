namespace SynthStudio.Privacy.Noise;

/// <summary>
/// Selects an index with probability proportional to exp(epsilon score / (2 sensitivity)), exactly for scores rounded to a grid: a uniform index
/// is kept with probability exp(-epsilon (best - score) / (2 sensitivity)) (McSherry, Talwar, FOCS 2007).
/// </summary>
public static class ExponentialMechanism
{
    private const int GridBits = 30;

    /// <param name="scores">At least one, all finite.</param>
    /// <param name="sensitivity">How much one record can change a score; above 0.</param>
    /// <param name="epsilon">Above 0; the choice is epsilon-DP.</param>
    /// <param name="bits">Where chance comes from.</param>
    /// <exception cref="PrivacyException">A number is out of range.</exception>
    public static int Select(ReadOnlySpan<double> scores, double sensitivity, double epsilon, SecureBits bits)
    {
        if (scores.IsEmpty) throw new PrivacyException(PrivacyError.ParameterOutOfRange, "There must be at least one score to select from.", "scores");
        Ranges.Positive(sensitivity, "sensitivity");
        Ranges.Positive(epsilon, "epsilon");
        var best = double.NegativeInfinity;
        foreach (var score in scores)
        {
            PrivacyException.Demand(score, double.IsFinite(score), "score", "finite");
            best = Math.Max(best, score);
        }

        while (true)
        {
            var index = (int)bits.Below((UInt128)scores.Length);
            var gap = epsilon * (best - scores[index]) / (2 * sensitivity);
            if (gap < 2000 && ExactBernoulli.OfExpMinus(Rational.AtMost(gap, GridBits), bits)) return index;
        }
    }
}
