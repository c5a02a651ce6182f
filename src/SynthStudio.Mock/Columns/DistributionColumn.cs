using SynthStudio.Tabular;

namespace SynthStudio.Mock;

/// <summary>Numbers, dates and times that follow a distribution, alone or correlated with other columns.</summary>
internal sealed class DistributionColumn(
    ColumnSchema schema, double missing, ulong stream, Func<double, double> quantile, double least, double most, double grid, IUniformSource uniform)
    : MockColumn(schema, missing, stream)
{
    protected override NumericColumn Fill(RowBlock block)
    {
        var values = new double[block.Rows];
        for (var i = 0; i < values.Length; i++)
        {
            var value = quantile(uniform.Next(block.Seed, Stream, block.First + i));
            value = grid > 0 ? Math.Round(value / grid) * grid : Schema.DecimalPlaces is { } places ? Math.Round(value, places) : value;
            values[i] = Math.Clamp(value, least, most);
        }

        return new NumericColumn(Schema, values);
    }
}
