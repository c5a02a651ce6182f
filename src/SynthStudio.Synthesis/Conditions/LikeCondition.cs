namespace SynthStudio.Synthesis.Conditions;

/// <summary>The value is one that the model drew, or any that it invents where it invented this one.</summary>
/// <param name="Value">The value; null stands for missing.</param>
public sealed record LikeCondition(string? Value) : Condition
{
    public override Capabilities Demands => Capabilities.GivenValues;
}
