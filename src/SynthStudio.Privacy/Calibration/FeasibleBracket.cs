namespace SynthStudio.Privacy.Calibration;

/// <summary>
/// Narrows a bracket around the point where a monotone epsilon crosses its target, and returns the end that keeps the promise. Interpolates
/// log epsilon over log x, which is almost a straight line, and halves whenever that gains too little.
/// </summary>
internal static class FeasibleBracket
{
    /// <param name="epsilonAt">Epsilon at x.</param>
    /// <param name="target">The epsilon to keep.</param>
    /// <param name="broken">An x at which epsilon is above the target ...</param>
    /// <param name="kept">... and one at which it is not, on either side.</param>
    /// <param name="tolerance">Relative width of the last bracket.</param>
    public static double Narrow(Func<double, double> epsilonAt, double target, double broken, double kept, double tolerance)
    {
        var (atBroken, atKept) = (Excess(epsilonAt(broken), target), Excess(epsilonAt(kept), target));
        var interpolate = true;
        while (Math.Abs(kept - broken) > tolerance * Math.Abs(kept))
        {
            var width = Math.Abs(kept - broken);
            var x = interpolate ? Interpolated(broken, atBroken, kept, atKept, tolerance) : 0.5 * (broken + kept);
            var excess = Excess(epsilonAt(x), target);
            if (excess > 0) (broken, atBroken) = (x, excess);
            else (kept, atKept) = (x, excess);
            interpolate = Math.Abs(kept - broken) <= 0.5 * width || !interpolate;
        }

        return kept;
    }

    private static double Excess(double epsilon, double target) => Math.Log(epsilon / target);

    /// <summary>
    /// The crossing that a straight line foretells, moved by a third of the tolerance so that both ends close in, and
    /// kept inside the bracket.
    /// </summary>
    private static double Interpolated(double broken, double atBroken, double kept, double atKept, double tolerance)
    {
        if (!double.IsFinite(atBroken) || !double.IsFinite(atKept)) return 0.5 * (broken + kept);
        var share = atBroken / (atBroken - atKept);
        var crossing = Math.Exp(Math.Log(broken) + share * (Math.Log(kept) - Math.Log(broken)));
        var away = Math.Sign(kept - broken) * tolerance * crossing / 3;
        var x = Math.Abs(crossing - broken) < Math.Abs(kept - crossing) ? crossing + away : crossing - away;
        var (least, most) = (Math.Min(broken, kept), Math.Max(broken, kept));
        return x > least && x < most ? x : 0.5 * (broken + kept);
    }
}
