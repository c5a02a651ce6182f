namespace SynthStudio.Tabular;

/// <summary>Whose rows a table holds and how many there are, as its owner declares it; nothing is read from the data.</summary>
/// <param name="Unit">The column that says whose row it is: what a private method protects is all rows of one such value. Null protects single rows.</param>
/// <param name="MaxRowsPerUnit">Most rows of one unit that are used, at least 1; null is 1.</param>
/// <param name="Rows">Rows of the table, where that is public, at least 1.</param>
public sealed record Population(string? Unit = null, int? MaxRowsPerUnit = null, long? Rows = null)
{
    /// <summary>Nothing is said.</summary>
    public static Population Undeclared { get; } = new();
}
