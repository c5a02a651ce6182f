namespace SynthStudio.Synthesis.Conditions;

/// <summary>A range of numbers, dates or times; never missing.</summary>
/// <param name="Low">Null when open below.</param>
/// <param name="High">Null when open above.</param>
public sealed record RangeCondition(RangeBound? Low, RangeBound? High) : Condition
{
    public override Capabilities Demands => Capabilities.GivenRanges;
}
