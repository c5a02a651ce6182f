using System.Buffers.Text;
using System.Text;

namespace SynthStudio.Tabular;

/// <summary>How a text stands to being a number.</summary>
internal enum NumberShape
{
    /// <summary>Not a number.</summary>
    None,

    /// <summary>A number in the usual spelling, with or without exponent.</summary>
    Plain,

    /// <summary>Digits with needless zeros or a plus sign in front (007, +49): a code, a number only where that is declared.</summary>
    Padded,

    /// <summary>An infinity: a number's spelling, read as a missing value.</summary>
    Infinite,
}

/// <summary>Numbers in UTF-8 text, with what their spelling says of the column.</summary>
/// <param name="Shape">How the text stands to being a number.</param>
/// <param name="Value">The nearest double; NaN unless <paramref name="Shape"/> is plain or padded.</param>
/// <param name="Places">Digits after the decimal point that the value needs at most, the exponent taken into account.</param>
/// <param name="Digits">Digits from the first significant one to the last written.</param>
/// <param name="HasPoint">Whether the text has a decimal point or an exponent.</param>
internal readonly record struct NumberText(NumberShape Shape, double Value, int Places, int Digits, bool HasPoint)
{
    /// <summary>Most digits after the decimal point that are kept as meant.</summary>
    public const int MaximumPlaces = 15;

    /// <summary>The largest whole number up to which doubles hold every one.</summary>
    public const double LargestExact = 9007199254740992;

    private static ReadOnlySpan<double> PowersOfTen =>
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

    private static NumberText NotANumber => new(NumberShape.None, double.NaN, 0, 0, false);

    /// <summary>Reads a trimmed text.</summary>
    public static NumberText Read(ReadOnlySpan<byte> text)
    {
        var at = 0;
        var negative = false;
        var padded = false;
        if (text.Length > 0 && text[0] is (byte)'-' or (byte)'+')
        {
            negative = text[0] == '-';
            padded = !negative;
            at = 1;
        }

        if (at >= text.Length || text.Length > 400)
        {
            return NotANumber;
        }

        ulong mantissa = 0;
        int digits = 0, whole = 0, places = 0, significant = 0;
        var first = at;
        for (; at < text.Length && (uint)(text[at] - '0') <= 9; at++, whole++)
        {
            Take(text[at]);
        }

        padded |= whole > 1 && text[first] == '0';
        var point = at < text.Length && text[at] == '.';
        if (point)
        {
            for (at++; at < text.Length && (uint)(text[at] - '0') <= 9; at++, places++)
            {
                Take(text[at]);
            }
        }

        if (whole + places == 0)
        {
            return at == first && IsInfinity(text[first..]) ? new(NumberShape.Infinite, double.NaN, 0, 0, false) : NotANumber;
        }

        var exponent = 0;
        if (at < text.Length && text[at] is (byte)'e' or (byte)'E')
        {
            if (!Utf8Parser.TryParse(SkipPlus(text[(at + 1)..]), out exponent, out var used) || Math.Abs(exponent) > 400)
            {
                return NotANumber;
            }

            at = text.Length - SkipPlus(text[(at + 1)..]).Length + used;
            point = true;
        }

        if (at != text.Length)
        {
            return NotANumber;
        }

        var shift = exponent - places;
        double value;
        if (digits <= 19 && mantissa <= (ulong)LargestExact && Math.Abs(shift) <= 22)
        {
            // Both factors are exact, so one rounding gives the nearest double.
            value = shift < 0 ? mantissa / PowersOfTen[-shift] : mantissa * PowersOfTen[shift];
            value = negative ? -value : value;
        }
        else if (!Utf8Parser.TryParse(text[0] == '+' ? text[1..] : text, out value, out _))
        {
            return NotANumber;
        }

        return double.IsFinite(value)
            ? new(padded ? NumberShape.Padded : NumberShape.Plain, value, Math.Max(0, -shift), significant, point)
            : new(NumberShape.Infinite, double.NaN, 0, 0, false);

        void Take(byte digit)
        {
            mantissa = unchecked((mantissa * 10) + (ulong)(digit - '0'));
            if (significant > 0 || digit != '0')
            {
                significant++;
                digits++;
            }
        }
    }

    private static ReadOnlySpan<byte> SkipPlus(ReadOnlySpan<byte> text) => text.Length > 0 && text[0] == '+' ? text[1..] : text;

    private static bool IsInfinity(ReadOnlySpan<byte> text) =>
        text.Length is 3 or 8 && (Ascii.EqualsIgnoreCase(text, "inf"u8) || Ascii.EqualsIgnoreCase(text, "infinity"u8));
}
