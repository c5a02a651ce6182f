namespace SynthStudio.Tabular;

/// <summary>
/// The values of a numeric column as they are read back once they were written: rounded to its places, or cut as its spelling
/// cuts them. For one thread.
/// </summary>
/// <param name="column">A numeric column.</param>
public sealed class WrittenValues(ColumnSchema column)
{
    /// <summary>
    /// From one value that a spelling can write to the next it is one of these, in seconds, or less: months and years
    /// count from their beginning.
    /// </summary>
    private static readonly double[] Steps = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 6, 36, 60, 360, 600, 3_600, 86_400, 31 * 86_400, 366 * 86_400];

    private readonly ISpelling? spelling = column.Kind is ColumnKind.Integer or ColumnKind.Decimal ? null : Spellings.Of(column);

    private readonly int? places = column.Kind == ColumnKind.Integer ? 0 : column.Kind == ColumnKind.Decimal ? column.DecimalPlaces : null;

    private byte[] text = [];

    /// <summary>The value as it is read back, or as it is where its text would not be read back; NaN is missing.</summary>
    public double Of(double value)
    {
        if (double.IsNaN(value)) return value;
        if (spelling is null) return places is { } kept ? Math.Round(value, kept) : value;
        if (text.Length == 0) text = new byte[spelling.MostBytes];
        return spelling.TryRead(text.AsSpan(0, spelling.Write(text, value)), out var read) ? read : value;
    }

    /// <summary>Of the values that the column's spelling can write, the nearest one that is not below another; the one below when there is none.</summary>
    /// <param name="value">A moment, time or duration, not below <paramref name="least"/>; NaN is missing.</param>
    /// <param name="least">What the written value must not be below.</param>
    public double NotBelow(double value, double least)
    {
        var written = Of(value);
        if (double.IsNaN(written) || written == value) return written;
        var next = After(written);
        return written >= least && (next is null || Math.Abs(value - written) <= next - value) ? written : next >= least ? next.Value : written;
    }

    /// <summary>The next value that the spelling can write; null when there is none, as after the last minute of a day.</summary>
    private double? After(double written)
    {
        foreach (var step in Steps)
        {
            if (Of(written + step) is var next && next != written) return next > written ? next : null;
        }

        return null;
    }
}
