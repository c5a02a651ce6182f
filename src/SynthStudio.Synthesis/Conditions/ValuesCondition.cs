namespace SynthStudio.Synthesis.Conditions;

/// <summary>One of some values.</summary>
/// <param name="Values">At least one; null stands for missing.</param>
public sealed record ValuesCondition(IReadOnlyList<string?> Values) : Condition
{
    public override Capabilities Demands => Values.Count == 1 ? Capabilities.GivenValues : Capabilities.GivenSets;

    public bool Equals(ValuesCondition? other) => other is not null && Values.SequenceEqual(other.Values, StringComparer.Ordinal);

    public override int GetHashCode() => Values.Aggregate(17, (hash, value) => HashCode.Combine(hash, value));
}
