using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Autoregressive.Operations;

/// <summary>
/// What values add to the likelihood of their cells: of a number, its density in its cell, as a cell of a thousandth of the rows may be a step wide or a
/// million; of a value that training ruled out, the mass of half a training row, which no cell has.
/// </summary>
internal static class ValuesInCells
{
    /// <summary>By row the sum over all columns of the table that the model has, those that do not vary included.</summary>
    /// <param name="codec">The model's.</param>
    /// <param name="table">As it was brought.</param>
    /// <param name="observed">Its cells: those of numbers that are never written become unset.</param>
    /// <exception cref="SynthesisException">A column is of another kind than in training.</exception>
    public static double[] LogShares(TableCodec codec, Table table, ObservedCells observed)
    {
        var sums = new double[table.RowCount];
        foreach (var column in codec.Columns)
        {
            if (table.Columns.FirstOrDefault(c => c.Name == column.Schema.Name) is not { } values) continue;
            var c = codec.ModelledIndexOf(column.Schema.Name);
            Add(column, values, c >= 0 ? observed.Cells[c] : ObservedCells.Encode(column, values), sums);
        }

        return sums;
    }

    private static void Add(ColumnCodec column, Column values, ushort[] cells, double[] sums)
    {
        var unknown = Math.Log(0.5 / Math.Max(1, column.Layout.Counts.Sum()));
        var numbers = column as NumericCodec;
        for (var row = 0; row < sums.Length; row++)
        {
            if (cells[row] == Cell.Unset) sums[row] += unknown;
            else if (numbers is null || values.IsMissing(row)) continue;
            else if (numbers.Cells.Length == 0) sums[row] += unknown;
            else if (numbers.LogShare(((NumericColumn)values).Values[row]) is var share && double.IsFinite(share)) sums[row] += share;
            else
            {
                // Half a row is spread over as many steps as the range has: it must not be denser than what training saw.
                sums[row] += unknown - Math.Log(numbers.WidthInSteps());
                cells[row] = Cell.Unset;
            }
        }
    }
}
