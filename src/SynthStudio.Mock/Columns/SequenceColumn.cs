using SynthStudio.Tabular;

namespace SynthStudio.Mock;

/// <summary>Numbers that count the rows.</summary>
internal sealed class SequenceColumn(ColumnSchema schema, ulong stream, long start, long step) : MockColumn(schema, 0, stream)
{
    protected override NumericColumn Fill(RowBlock block)
    {
        var values = new double[block.Rows];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = start + ((block.First + i) * step);
        }

        return new NumericColumn(Schema, values);
    }
}
