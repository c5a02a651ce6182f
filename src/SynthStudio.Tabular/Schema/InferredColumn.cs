namespace SynthStudio.Tabular;

/// <summary>What the data say of a column.</summary>
/// <param name="Schema">The kind and spelling that were found.</param>
/// <param name="Reason">Why, in a few words, without values of the data.</param>
public sealed record InferredColumn(ColumnSchema Schema, string Reason);
