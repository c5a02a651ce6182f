using SynthStudio.Evaluation.Encoding;

namespace SynthStudio.Evaluation.SinglingOut;

/// <summary>How a cell is compared.</summary>
internal enum Comparison
{
    Equal,
    AtLeast,
    AtMost,
    Missing,
}

/// <summary>One condition on a row.</summary>
/// <param name="Column">The column it looks at.</param>
/// <param name="Comparison">How.</param>
/// <param name="Value">The number, or the category's code.</param>
internal readonly record struct RowCondition(int Column, Comparison Comparison, double Value)
{
    public bool Holds(EncodedTable table, int row)
    {
        if (!table.Columns[Column].IsNumeric)
        {
            return table.Codes(Column)[row] == (Comparison == Comparison.Missing ? EncodedTable.MissingCode : (int)Value);
        }

        var number = table.Numbers(Column)[row];
        return Comparison switch
        {
            Comparison.Equal => number == Value,
            Comparison.AtLeast => number >= Value,
            Comparison.AtMost => number <= Value,
            _ => double.IsNaN(number),
        };
    }
}
