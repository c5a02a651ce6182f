using SynthStudio.Evaluation.Encoding;

namespace SynthStudio.Evaluation.Utility;

/// <summary>The rows of a table that have a target, and their targets: numbers, or category codes.</summary>
internal static class TargetRows
{
    public static int[] Of(EncodedTable table, int target) => table.Columns[target].IsNumeric
        ? [.. Enumerable.Range(0, table.RowCount).Where(row => !double.IsNaN(table.Numbers(target)[row]))]
        : [.. Enumerable.Range(0, table.RowCount).Where(row => table.Codes(target)[row] != EncodedTable.MissingCode)];

    public static double[] Targets(EncodedTable table, int target, int[] rows) => table.Columns[target].IsNumeric
        ? Array.ConvertAll(rows, row => table.Numbers(target)[row])
        : Array.ConvertAll(rows, row => (double)table.Codes(target)[row]);
}
