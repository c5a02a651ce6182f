namespace SynthStudio.Synthesis.Conditions;

/// <summary>Any value, but not a missing one.</summary>
public sealed record NotMissingCondition : Condition
{
    public override Capabilities Demands => Capabilities.GivenNotMissing;
}
