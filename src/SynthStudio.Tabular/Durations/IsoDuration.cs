using System.Buffers.Text;

namespace SynthStudio.Tabular;

/// <summary>
/// Durations as of ISO 8601, <c>P3DT4H30M1.5S</c>, with days or with hours as the largest unit. Years and months have no fixed length and are
/// not read.
/// </summary>
internal sealed class IsoDuration(bool days) : ISpelling
{
    private const int MicrosecondsPerSecond = 1_000_000;

    public string Pattern => days ? "PnDTnHnMnS" : "PTnHnMnS";

    public int MostBytes => 64;

    public bool TryRead(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        var negative = Take(ref text, '-');
        if (!Take(ref text, 'P') || text.Length == 0)
        {
            return false;
        }

        if (days && TakeNumber(text, (byte)'D', whole: true, out var number, out var rest))
        {
            value = number * CivilCalendar.SecondsPerDay;
            text = rest;
        }

        if (Take(ref text, 'T'))
        {
            var any = false;
            foreach (var (unit, seconds) in ((byte, int)[])[((byte)'H', 3_600), ((byte)'M', 60), ((byte)'S', 1)])
            {
                if (TakeNumber(text, unit, whole: unit != 'S', out number, out rest))
                {
                    value += number * seconds;
                    text = rest;
                    any = true;
                }
            }

            if (!any)
            {
                return false;
            }
        }

        value = negative ? -value : value;
        return text.Length == 0;
    }

    public int Write(Span<byte> target, double value)
    {
        var microseconds = (Int128)Math.Round(Math.Abs(value) * MicrosecondsPerSecond);
        var at = 0;
        if (value < 0 && microseconds > 0)
        {
            target[at++] = (byte)'-';
        }

        target[at++] = (byte)'P';
        var begin = at;
        var seconds = (long)(microseconds / MicrosecondsPerSecond);
        if (days)
        {
            Put(target, Math.DivRem(seconds, (long)CivilCalendar.SecondsPerDay, out seconds), 'D');
        }

        var fraction = (int)(microseconds % MicrosecondsPerSecond);
        if (seconds > 0 || fraction > 0 || at == begin)
        {
            target[at++] = (byte)'T';
            var time = at;
            Put(target, Math.DivRem(seconds, 3_600, out seconds), 'H');
            Put(target, Math.DivRem(seconds, 60, out seconds), 'M');
            if (seconds > 0 || fraction > 0 || at == time)
            {
                Utf8Formatter.TryFormat(seconds, target[at..], out var digits);
                at += digits;
                at += ClockDuration.PutOptionalFraction(target[at..], fraction);
                target[at++] = (byte)'S';
            }
        }

        return at;

        void Put(Span<byte> bytes, long number, char unit)
        {
            if (number > 0)
            {
                Utf8Formatter.TryFormat(number, bytes[at..], out var digits);
                at += digits;
                bytes[at++] = (byte)unit;
            }
        }
    }

    private static bool Take(ref ReadOnlySpan<byte> text, char c)
    {
        var ok = text.Length > 0 && text[0] == c;
        text = ok ? text[1..] : text;
        return ok;
    }

    private static bool TakeNumber(ReadOnlySpan<byte> text, byte unit, bool whole, out double number, out ReadOnlySpan<byte> rest)
    {
        number = 0;
        rest = text;
        var end = text.IndexOfAnyExcept(whole ? "0123456789"u8 : ".0123456789"u8);
        if (end <= 0 || text[end] != unit || !Utf8Parser.TryParse(text[..end], out number, out var read) || read != end)
        {
            return false;
        }

        rest = text[(end + 1)..];
        return true;
    }
}
