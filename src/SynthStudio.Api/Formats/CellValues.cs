using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace SynthStudio.Api.Formats;

/// <summary>Reads cells as PostgreSQL does, so that a column has the same values wherever it is written.</summary>
internal static class CellValues
{
    private const int LongestMoment = 64;

    public static bool TryInteger(ReadOnlySpan<byte> text, out long value) => long.TryParse(
        text, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
        CultureInfo.InvariantCulture, out value);

    public static bool TryNumber(ReadOnlySpan<byte> text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    public static bool TryBoolean(ReadOnlySpan<byte> text, out bool value)
    {
        Span<char> lower = stackalloc char[5];
        value = false;
        if (text.Length is 0 or > 5 || !Ascii.IsValid(text)) return false;
        Ascii.ToLower(text, lower, out var length);
        switch (lower[..length])
        {
            case "true" or "t" or "yes" or "y" or "on" or "1":
                value = true;
                return true;
            case "false" or "f" or "no" or "n" or "off" or "0":
                return true;
            default:
                return false;
        }
    }

    /// <summary>A day, or a day and a time of no zone.</summary>
    public static bool TryMoment(ReadOnlySpan<byte> text, out DateTime value)
    {
        Span<char> chars = stackalloc char[LongestMoment];
        value = default;
        return TryWiden(text, chars, out var length)
            && DateTime.TryParse(chars[..length], CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out value)
            && value.Kind == DateTimeKind.Unspecified;
    }

    /// <summary>A day and a time, with their offset from UTC; as UTC.</summary>
    public static bool TryUtc(ReadOnlySpan<byte> text, out DateTime value)
    {
        Span<char> chars = stackalloc char[LongestMoment];
        value = default;
        if (!TryWiden(text, chars, out var length)
            || !DateTimeOffset.TryParse(chars[..length], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
            return false;
        value = moment.UtcDateTime;
        return true;
    }

    /// <summary>Whether a text is a number as JSON spells it (RFC 8259, section 6).</summary>
    public static bool IsJsonNumber(ReadOnlySpan<byte> text)
    {
        var digits = text.StartsWith((byte)'-') ? text[1..] : text;
        if (digits.IsEmpty || !char.IsAsciiDigit((char)digits[0]) || !char.IsAsciiDigit((char)digits[^1])
            || (digits.Length > 1 && digits[0] == '0' && char.IsAsciiDigit((char)digits[1]))) return false;
        var point = digits.IndexOf((byte)'.');
        if (point >= 0 && !char.IsAsciiDigit((char)digits[point + 1])) return false;
        return Utf8Parser.TryParse(text, out double _, out var read) && read == text.Length;
    }

    private static bool TryWiden(ReadOnlySpan<byte> text, Span<char> chars, out int length)
    {
        length = 0;
        return text.Length is > 0 and <= LongestMoment && Ascii.ToUtf16(text, chars, out length) == System.Buffers.OperationStatus.Done;
    }
}
