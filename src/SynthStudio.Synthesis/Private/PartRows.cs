using SynthStudio.Privacy.Ledger;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Private;

/// <summary>
/// Enforces that a training sees one part of a partition alone. Whether a row is in it depends on that row's own value of one column, so that tables
/// that differ in one row differ in no other one afterwards; rows that lack the value are in no part.
/// </summary>
internal static class PartRows
{
    /// <summary>The rows of the part, in their order.</summary>
    public static Table Enforce(Table table, PartitionPart? part)
    {
        if (part is null) return table;
        var column = table[part.Column];
        return table.Take([.. Enumerable.Range(0, table.RowCount).Where(row => !column.IsMissing(row) && part.Contains(CellName.Of(column, row)))]);
    }
}
