using System.Globalization;
using System.Text;

namespace SynthStudio.Tabular;

/// <summary>Single cells as users spell them.</summary>
public static class CellText
{
    /// <summary>
    /// Reads a number, moment, time, duration or ordered category as a table's reader would, or in ISO 8601. A plain number is one in any format: 1.234 is less
    /// than two also where the column would write a thousand and more so.
    /// </summary>
    /// <param name="column">A numeric column.</param>
    /// <param name="text">The cell.</param>
    /// <param name="value">In the column's unit; NaN when it cannot be read.</param>
    public static bool TryReadNumber(ColumnSchema column, string text, out double value)
    {
        var bytes = NullText.Trim(Encoding.UTF8.GetBytes(text));
        if (column.Kind is ColumnKind.Integer or ColumnKind.Decimal)
        {
            var number = NumberText.Read(bytes);
            if (number.Shape == NumberShape.None && MoneyFormat.Of(column.Format) is { } money) number = money.Read(bytes);
            value = number.Value;
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
            && IsoMoments.TryRead(bytes, column, out value);
    }

    /// <summary>A value as the column spells it, amounts of money and numbers as plain numbers; null for a missing value.</summary>
    /// <param name="column">A numeric column.</param>
    /// <param name="value">In the column's unit; NaN is missing.</param>
    public static string? AsSpelled(ColumnSchema column, double value)
    {
        if (double.IsNaN(value) || column.Kind is ColumnKind.Integer or ColumnKind.Decimal) return OfNumber(column, value);
        var spelling = Spellings.Of(column);
        var text = new byte[spelling.MostBytes];
        return Encoding.UTF8.GetString(text, 0, spelling.Write(text, value));
    }

    /// <summary>
    /// The offset from UTC, in minutes, that all values of a column of moments are written with, which are local times then;
    /// 0 where there is none.
    /// </summary>
    public static int FixedOffset(ColumnSchema column) => column.Kind == ColumnKind.DateTime ? MomentFormats.Of(column).FixedOffset : 0;

    /// <summary>A text that <see cref="TryReadNumber"/> reads as <paramref name="value"/>, moments and times in ISO 8601; null for a missing value.</summary>
    /// <param name="column">A numeric column.</param>
    /// <param name="value">In the column's unit; NaN is missing.</param>
    public static string? OfNumber(ColumnSchema column, double value)
    {
        var culture = CultureInfo.InvariantCulture;
        switch (column.Kind)
        {
            case var _ when double.IsNaN(value):
                return null;
            case ColumnKind.Integer or ColumnKind.Decimal:
                return value.ToString("R", culture);
            case ColumnKind.DateTime or ColumnKind.Date:
                return DateTime.UnixEpoch.AddSeconds(value).ToString("yyyy-MM-ddTHH:mm:ss.FFFFFF", culture);
            case ColumnKind.Time:
                return TimeOnly.FromTimeSpan(TimeSpan.FromSeconds(value)).ToString("HH:mm:ss.FFFFFF", culture);
            default:
                var spelling = Spellings.Of(column);
                var text = new byte[spelling.MostBytes];
                return Encoding.UTF8.GetString(text, 0, spelling.Write(text, value));
        }
    }
}
