namespace SynthStudio.Tabular;

/// <summary>Numbers, dates and times as doubles (units: see <see cref="ColumnKind"/>); NaN is a missing value.</summary>
public sealed class NumericColumn(ColumnSchema schema, double[] values) : Column(schema)
{
    /// <summary>One value a row. Finite or NaN.</summary>
    public double[] Values { get; } = values;

    public override int Count => Values.Length;

    public override bool IsMissing(int row) => double.IsNaN(Values[row]);

    public override NumericColumn Take(ReadOnlySpan<int> rows)
    {
        var taken = new double[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            taken[i] = Values[rows[i]];
        }

        return new NumericColumn(Schema, taken);
    }
}
