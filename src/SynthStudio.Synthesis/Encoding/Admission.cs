namespace SynthStudio.Synthesis.Encoding;

/// <summary>What a condition leaves of a column.</summary>
/// <param name="Shares">By cell: the share of its mass that meets the condition, 0 to 1; above 0 somewhere.</param>
/// <param name="Codec">Decodes the admitted cells to values that meet the condition, in their shares.</param>
public sealed record Admission(double[] Shares, ColumnCodec Codec);
