namespace SynthStudio.Tabular;

/// <summary>Numbers, dates and times as doubles (units: see <see cref="ColumnKind"/>); NaN is a missing value.</summary>
public sealed class NumericColumn(ColumnSchema schema, double[] values) : Column(schema)
{
    /// <summary>One value a row. Finite or NaN.</summary>
    public double[] Values { get; } = values;

    /// <summary>
    /// By row the offset from UTC, in minutes, that a moment is written with; null where none is written, where the format has the one of
    /// all rows, and where all are in UTC. <see cref="Values"/> are in UTC.
    /// </summary>
    public short[]? Offsets { get; init; }

    public override int Count => Values.Length;

    /// <summary>The offset of a row (0-based) in minutes, 0 without <see cref="Offsets"/>.</summary>
    public short OffsetOf(int row) => Offsets is { } offsets ? offsets[row] : (short)0;

    /// <summary>The same column with other values, as many.</summary>
    public NumericColumn With(double[] values) => new(Schema, values) { Offsets = Offsets };

    public override bool IsMissing(int row) => double.IsNaN(Values[row]);

    public override NumericColumn Take(ReadOnlySpan<int> rows)
    {
        var taken = new double[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            taken[i] = Values[rows[i]];
        }

        return new NumericColumn(Schema, taken) { Offsets = Offsets is null ? null : TakeOffsets(rows) };
    }

    private short[] TakeOffsets(ReadOnlySpan<int> rows)
    {
        var taken = new short[rows.Length];
        for (var i = 0; i < taken.Length; i++) taken[i] = OffsetOf(rows[i]);
        return taken;
    }
}
