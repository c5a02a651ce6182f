using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Attacks;

/// <summary>Counts of an attack, and the result they make.</summary>
/// <param name="Hits">Successes on training people.</param>
/// <param name="Attempts">Attempts on training people.</param>
/// <param name="ControlHits">Successes on holdout people.</param>
/// <param name="ControlAttempts">Attempts on holdout people.</param>
/// <param name="BaselineHits">Successes of guessing, in <paramref name="Attempts"/> attempts; null without such a guess.</param>
internal readonly record struct AttackTally(int Hits, int Attempts, int ControlHits, int ControlAttempts, int? BaselineHits)
{
    public AttackResult ToResult(string attack, string variant)
    {
        var success = Estimate.OfShare(Hits, Attempts);
        var baseline = BaselineHits is { } hits ? Estimate.OfShare(hits, Attempts) : null;
        var control = Estimate.OfShare(ControlHits, ControlAttempts);
        return new AttackResult
        {
            Attack = attack,
            Variant = variant,
            Attempts = Attempts,
            ControlAttempts = ControlAttempts,
            Success = success,
            Control = control,
            Baseline = baseline,
            Risk = Risk(success, control),
            PValue = Significance.TwoShares(Hits, Attempts, ControlHits, ControlAttempts),
            BeatsBaseline = Attempts > 0 && (baseline is null || success.Value > baseline.Value),
        };
    }

    /// <summary>The share of what was left to learn, its error propagated to first order from both rates (2211.10459, section 4).</summary>
    private static Estimate Risk(Estimate success, Estimate control)
    {
        if (control.Value >= 1)
        {
            return new Estimate(0, 0, 0);
        }

        var left = 1 - control.Value;
        var fromSuccess = Error(success) / left;
        var fromControl = (success.Value - 1) / (left * left) * Error(control);
        return Estimate.OfNormal((success.Value - control.Value) / left, Math.Sqrt((fromSuccess * fromSuccess) + (fromControl * fromControl)));

        static double Error(Estimate rate) => (rate.High - rate.Low) / (2 * Estimate.Z);
    }
}
