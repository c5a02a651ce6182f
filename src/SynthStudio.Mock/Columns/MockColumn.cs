using SynthStudio.Tabular;

namespace SynthStudio.Mock;

/// <summary>One column that can be made for any range of rows.</summary>
internal abstract class MockColumn(ColumnSchema schema, double missing, ulong stream)
{
    /// <summary>Set in the stream that decides what is missing.</summary>
    private const ulong MissingStream = 1UL << 40;

    public ColumnSchema Schema { get; } = schema;

    protected ulong Stream { get; } = stream;

    /// <summary>The column's cells in the rows of <paramref name="block"/>.</summary>
    public Column Make(RowBlock block)
    {
        var column = Fill(block);
        if (missing <= 0)
        {
            return column;
        }

        for (var i = 0; i < block.Rows; i++)
        {
            if (new CellRandom(block.Seed, Stream | MissingStream, block.First + i).NextDouble() < missing)
            {
                if (column is NumericColumn numbers)
                {
                    numbers.Values[i] = double.NaN;
                }
                else
                {
                    ((CodedColumn)column).Codes[i] = CodedColumn.Missing;
                }
            }
        }

        return column;
    }

    /// <summary>All cells, none missing; fresh arrays.</summary>
    protected abstract Column Fill(RowBlock block);
}
