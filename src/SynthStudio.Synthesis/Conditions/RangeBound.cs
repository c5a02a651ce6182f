namespace SynthStudio.Synthesis.Conditions;

/// <summary>One end of a range.</summary>
/// <param name="Value">In the source's spelling.</param>
/// <param name="Inclusive">Whether the value itself belongs to the range.</param>
public sealed record RangeBound(string Value, bool Inclusive = true);
