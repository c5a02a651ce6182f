using SynthStudio.Tabular;

namespace SynthStudio.Mock;

/// <summary>One of some texts by weight.</summary>
internal sealed class CategoryColumn(ColumnSchema schema, double missing, ulong stream, string[] values, double[] cumulative, IUniformSource uniform)
    : MockColumn(schema, missing, stream)
{
    protected override CodedColumn Fill(RowBlock block)
    {
        var codes = new int[block.Rows];
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = Quantiles.Index(cumulative, uniform.Next(block.Seed, Stream, block.First + i));
        }

        return new CodedColumn(Schema, codes, values);
    }
}
