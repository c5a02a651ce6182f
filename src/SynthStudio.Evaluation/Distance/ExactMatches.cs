using SynthStudio.Evaluation.Encoding;

namespace SynthStudio.Evaluation.Distance;

/// <summary>Which rows stand in a table, all columns being equal; numbers are compared to a billionth of the training range.</summary>
internal sealed class ExactMatches
{
    private const double Precision = 1e9;

    private readonly HashSet<RowCells> rows;

    public ExactMatches(EncodedTable table, NumberScale[] scales) => rows = [.. Rows(table, scales)];

    /// <summary>Share of <paramref name="table"/>'s rows that stand in the table, 0 to 1.</summary>
    public double Share(EncodedTable table, NumberScale[] scales) => Rows(table, scales).Count(rows.Contains) / (double)table.RowCount;

    /// <summary>The rows of a table, to be compared as a whole.</summary>
    public static IEnumerable<RowCells> Rows(EncodedTable table, NumberScale[] scales)
    {
        var cells = new long[table.RowCount][];
        for (var row = 0; row < cells.Length; row++)
        {
            cells[row] = new long[table.Columns.Count];
        }

        for (var column = 0; column < table.Columns.Count; column++)
        {
            for (var row = 0; row < cells.Length; row++)
            {
                // Adding zero turns -0 into 0.
                cells[row][column] = table.Columns[column].IsNumeric
                    ? BitConverter.DoubleToInt64Bits(Math.Round(scales[column].Scale(table.Numbers(column)[row]) * Precision) + 0.0)
                    : table.Codes(column)[row];
            }
        }

        return cells.Select(row => new RowCells(row));
    }

    /// <summary>All cells of one row.</summary>
    internal readonly struct RowCells(long[] cells) : IEquatable<RowCells>
    {
        private readonly long[] cells = cells;

        public bool Equals(RowCells other) => cells.AsSpan().SequenceEqual(other.cells);

        public override bool Equals(object? other) => other is RowCells row && Equals(row);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            foreach (var cell in cells)
            {
                hash.Add(cell);
            }

            return hash.ToHashCode();
        }
    }
}
