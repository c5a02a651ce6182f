namespace SynthStudio.Synthesis.Conditions;

/// <summary>One of several ranges of numbers; never missing.</summary>
/// <param name="Ranges">Disjoint, ascending, at least one; both ends closed.</param>
internal sealed record RangesCondition(IReadOnlyList<(double Low, double High)> Ranges) : Condition
{
    public override Capabilities Demands => Capabilities.GivenRanges;
}
