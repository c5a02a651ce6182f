using System.Text;

namespace SynthStudio.Tabular;

/// <summary>Single cells as users spell them.</summary>
public static class CellText
{
    /// <summary>Reads a number, moment, time, duration or ordered category as a table's reader would, or in ISO 8601.</summary>
    /// <param name="column">A numeric column.</param>
    /// <param name="text">The cell.</param>
    /// <param name="value">In the column's unit; NaN when it cannot be read.</param>
    public static bool TryReadNumber(ColumnSchema column, string text, out double value)
    {
        var bytes = NullText.Trim(Encoding.UTF8.GetBytes(text));
        if (column.Kind is ColumnKind.Integer or ColumnKind.Decimal)
        {
            value = NumberText.Read(bytes).Value;
            return double.IsFinite(value);
        }

        if (Spellings.Of(column).TryRead(bytes, out value))
        {
            return true;
        }

        if (column.Kind == ColumnKind.Duration)
        {
            return DurationFormats.Of(column with { Format = null }).TryRead(bytes, out value);
        }

        return column.Kind != ColumnKind.Ordinal
            && IsoMoments.TryRead(bytes, column.Kind == ColumnKind.Time ? ExpressionType.Time : ExpressionType.Moment, out value);
    }
}
