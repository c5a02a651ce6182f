using System.Buffers.Text;

namespace SynthStudio.Tabular;

/// <summary>
/// Durations as on a stopwatch. <c>[h]:mm:ss</c> counts hours without end, <c>[hh]</c> with at least two digits, <c>[h]:mm</c> and
/// <c>[m]:ss</c> have two parts; <c>d.hh:mm:ss</c> and <c>d days hh:mm:ss</c> count days. A fraction of the last part is <c>.fff</c> with so many
/// digits, <c>.FFFFFF</c> without needless ones.
/// </summary>
internal sealed class ClockDuration : ISpelling
{
    private const int MostPlaces = 6;

    private static readonly (string Text, byte[] Days, int LeastDigits, int[] Units)[] Beginnings =
    [
        ("[h]:mm:ss", [], 1, [3_600, 60, 1]), ("[hh]:mm:ss", [], 2, [3_600, 60, 1]), ("[h]:mm", [], 1, [3_600, 60]), ("[hh]:mm", [], 2, [3_600, 60]),
        ("[m]:ss", [], 1, [60, 1]), ("[mm]:ss", [], 2, [60, 1]), ("d.hh:mm:ss", "."u8.ToArray(), 2, [3_600, 60, 1]),
        ("d days hh:mm:ss", " days "u8.ToArray(), 2, [3_600, 60, 1]),
    ];

    private readonly byte[] afterDays;
    private readonly int leastDigits, places;
    private readonly int[] units;
    private readonly bool optional;

    private ClockDuration(string pattern, byte[] afterDays, int leastDigits, int[] units, int places, bool optional)
    {
        Pattern = pattern;
        (this.afterDays, this.leastDigits, this.units, this.places, this.optional) = (afterDays, leastDigits, units, places, optional);
    }

    public string Pattern { get; }

    public int MostBytes => 64;

    public static bool TryParse(string pattern, out ClockDuration format)
    {
        format = null!;
        var point = pattern.LastIndexOf('.');
        var fraction = point > 1 ? pattern[(point + 1)..] : "";
        var start = point > 1 ? pattern[..point] : pattern;
        var known = Array.FindIndex(Beginnings, beginning => beginning.Text == start);
        var optional = fraction.StartsWith('F');
        if (known < 0 || (point > 1 && fraction.Length is 0 or > MostPlaces) || fraction.AsSpan().ContainsAnyExcept(optional ? 'F' : 'f')
            || (fraction.Length > 0 && Beginnings[known].Units[^1] != 1))
        {
            return false;
        }

        var (_, days, digits, units) = Beginnings[known];
        format = new ClockDuration(pattern, days, digits, units, fraction.Length, optional);
        return true;
    }

    public bool TryRead(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        var negative = text.Length > 0 && text[0] == '-';
        text = negative ? text[1..] : text;
        if (afterDays.Length > 0)
        {
            if (!TakeDigits(ref text, 1, out var days) || !text.StartsWith(afterDays))
            {
                return false;
            }

            value = days * CivilCalendar.SecondsPerDay;
            text = text[afterDays.Length..];
        }

        for (var i = 0; i < units.Length; i++)
        {
            if (i > 0 && (text.Length < 3 || text[0] != ':'))
            {
                return false;
            }

            text = i > 0 ? text[1..] : text;
            var digits = text.Length;
            if (!TakeDigits(ref text, i > 0 ? 2 : leastDigits, out var part) || (i > 0 && (part > 59 || digits - text.Length > 2))
                || (i == 0 && afterDays.Length > 0 && part > 23))
            {
                return false;
            }

            value += part * (double)units[i];
        }

        if (places > 0 && text.Length > 0 && text[0] == '.')
        {
            var digits = text.Length - 1;
            text = text[1..];
            if (digits > MostPlaces || (!optional && digits != places) || (optional && text[^1] == '0') || !TakeDigits(ref text, digits, out var fraction))
            {
                return false;
            }

            value += fraction / Math.Pow(10, digits);
        }
        else if (places > 0 && !optional)
        {
            return false;
        }

        value = negative ? -value : value;
        return text.Length == 0;
    }

    public int Write(Span<byte> target, double value)
    {
        var scale = Math.Pow(10, optional ? MostPlaces : places);
        var smallest = units[^1];
        var count = (Int128)Math.Round(Math.Abs(value) / smallest * scale);
        var (whole, fraction) = ((long)(count / (long)scale) * smallest, (int)(count % (long)scale));
        var at = 0;
        if (value < 0 && count > 0)
        {
            target[at++] = (byte)'-';
        }

        if (afterDays.Length > 0)
        {
            at += PutDigits(target[at..], Math.DivRem(whole, (long)CivilCalendar.SecondsPerDay, out whole), 1);
            afterDays.CopyTo(target[at..]);
            at += afterDays.Length;
        }

        for (var i = 0; i < units.Length; i++)
        {
            if (i > 0)
            {
                target[at++] = (byte)':';
            }

            at += PutDigits(target[at..], Math.DivRem(whole, units[i], out whole), i > 0 ? 2 : leastDigits);
        }

        if (optional)
        {
            return at + PutOptionalFraction(target[at..], fraction);
        }

        if (places > 0)
        {
            target[at++] = (byte)'.';
            at += PutDigits(target[at..], fraction, places);
        }

        return at;
    }

    /// <summary>Writes the point and the digits of so many microseconds, without zeros at the end; nothing for none.</summary>
    public static int PutOptionalFraction(Span<byte> target, int microseconds)
    {
        if (microseconds == 0)
        {
            return 0;
        }

        target[0] = (byte)'.';
        var written = 1 + PutDigits(target[1..], microseconds, MostPlaces);
        while (target[written - 1] == '0')
        {
            written--;
        }

        return written;
    }

    private static int PutDigits(Span<byte> target, long number, int least)
    {
        Utf8Formatter.TryFormat(number, target, out var written, new System.Buffers.StandardFormat('D', (byte)least));
        return written;
    }

    /// <summary>A number with at least so many digits, and no needless zeros in front.</summary>
    private static bool TakeDigits(ref ReadOnlySpan<byte> text, int least, out long number)
    {
        var end = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        end = end < 0 ? text.Length : end;
        number = 0;
        if (end < least || end > 12 || (end > least && text[0] == '0'))
        {
            return false;
        }

        foreach (var digit in text[..end])
        {
            number = (number * 10) + (digit - '0');
        }

        text = text[end..];
        return true;
    }
}
