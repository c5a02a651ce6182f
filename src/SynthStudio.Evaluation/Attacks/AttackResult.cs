using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Attacks;

/// <summary>
/// How one attack went. The attacker knows the synthetic table; the same attack on holdout people, whom the generator never saw, tells
/// what is learned from the population at large. After Giomi et al., A Unified Framework for Quantifying Privacy Risk (2211.10459).
/// </summary>
public sealed record AttackResult
{
    /// <summary>The attack, for example <c>singling_out</c>.</summary>
    public required string Attack { get; init; }

    /// <summary>Which form of it, for example <c>univariate</c> or the guessed column.</summary>
    public required string Variant { get; init; }

    /// <summary>Training people that were attacked, or guesses that were made about them.</summary>
    public required int Attempts { get; init; }

    /// <summary>Holdout people that were attacked the same way.</summary>
    public required int ControlAttempts { get; init; }

    /// <summary>Share of attempts that succeeded, Wilson's interval.</summary>
    public required Estimate Success { get; init; }

    /// <summary>The same on the holdout.</summary>
    public required Estimate Control { get; init; }

    /// <summary>The same by guessing without looking; null where there is no such guess.</summary>
    public required Estimate? Baseline { get; init; }

    /// <summary>(success - control) / (1 - control): what the attack gains from the generator having seen these very people.</summary>
    public required Estimate Risk { get; init; }

    /// <summary>How likely so much more success on training people is when nothing leaks.</summary>
    public required double PValue { get; init; }

    /// <summary>Whether the attack beats guessing; one that does not says nothing.</summary>
    public required bool BeatsBaseline { get; init; }
}
