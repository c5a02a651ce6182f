using SynthStudio.Tabular;

namespace SynthStudio.Mock;

/// <summary>A text of its own in every row.</summary>
/// <param name="schema">The column.</param>
/// <param name="missing">Share of missing values.</param>
/// <param name="stream">The column's stream.</param>
/// <param name="text">The text of a row, by seed, stream and row.</param>
internal sealed class TextColumn(ColumnSchema schema, double missing, ulong stream, Func<long, ulong, long, string> text) : MockColumn(schema, missing, stream)
{
    protected override CodedColumn Fill(RowBlock block)
    {
        var codes = new int[block.Rows];
        var values = new string[block.Rows];
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = i;
            values[i] = text(block.Seed, Stream, block.First + i);
        }

        return new CodedColumn(Schema, codes, values);
    }
}
