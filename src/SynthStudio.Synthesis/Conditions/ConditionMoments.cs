using System.Globalization;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Conditions;

/// <summary>
/// Dates and moments in conditions: as the column spells them, the time left out or not, or in ISO 8601. Whatever else a text might mean is
/// refused: a guess at the order of day and month, or at a year that is not there, would draw rows of another day without a word.
/// </summary>
internal static class ConditionMoments
{
    /// <summary>A day that is read one way only: no month has its number.</summary>
    private static readonly DateTime Example = new(2024, 3, 28, 14, 30, 0, DateTimeKind.Utc);

    /// <summary>Seconds since 1970, local ones in a column that is written in one offset.</summary>
    public static bool TryRead(ColumnSchema column, string text, out double number)
    {
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        var culture = CultureInfo.InvariantCulture;
        if (column.Format is not null && DateTime.TryParseExact(text, column.Format, culture, utc, out var moment))
        {
            number = (moment - DateTime.UnixEpoch).TotalSeconds;
            return true;
        }

        if (CellText.TryReadNumber(column, text, out number)) return true;
        if (DateOf(column.Format) is not { } date || !DateTime.TryParseExact(text.Trim(), date, culture, utc, out moment)) return false;
        number = (moment - DateTime.UnixEpoch).TotalSeconds;
        return true;
    }

    /// <summary>Why a text is not read, and how it is to be written.</summary>
    public static string Refusal(ColumnSchema column, string text)
    {
        var culture = CultureInfo.InvariantCulture;
        var iso = Example.ToString(column.Kind == ColumnKind.Date ? "yyyy-MM-dd" : "yyyy-MM-ddTHH:mm:ss", culture);
        return column.Format is { } format
            ? $"'{text}' cannot be read: write it in the column's format {format}, as in {Example.ToString(format, culture)}, or in ISO 8601, as in {iso}"
            : $"'{text}' cannot be read: write it in ISO 8601, as in {iso}";
    }

    /// <summary>What stands for the date in a format of dates and times; null where the two are not apart.</summary>
    private static string? DateOf(string? format)
    {
        if (format is null) return null;
        var (first, last, quote) = (-1, -1, '\0');
        for (var i = 0; i < format.Length; i++)
        {
            var c = format[i];
            if (quote != '\0') quote = c == quote ? '\0' : quote;
            else if (c is '\'' or '"') quote = c;
            else if (c == '\\') i++;
            else if (c is 'y' or 'M' or 'd') (first, last) = (first < 0 ? i : first, i);
        }

        if (first < 0) return null;
        var date = format[first..(last + 1)];
        return date.Length > 1 && !date.Any(c => char.IsAsciiLetter(c) && c is not ('y' or 'M' or 'd')) ? date : null;
    }
}
