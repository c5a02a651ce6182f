namespace SynthStudio.Tabular;

/// <content>Moments to texts.</content>
internal sealed partial class MomentFormat
{
    private const double Earliest = -62167219200; // 0000-01-01
    private const double Latest = 253402300800; // the end of 9999-12-31
    private const long LatestTicks = ((long)Latest * TimeSpan.TicksPerSecond) - 10;

    /// <summary>Writes a moment, cut to the years 0 to 9999 and rounded to the last digit the format has; returns the bytes written.</summary>
    public int Write(Span<byte> target, double seconds) => Write(target, seconds, offset: 0);

    /// <summary>As <see cref="Write(Span{byte}, double)"/>, in the local time of an offset from UTC, less than 19 hours, in minutes.</summary>
    public int Write(Span<byte> target, double seconds, int offset)
    {
        var ticks = RoundToPrecision(Math.Clamp(seconds + (60.0 * offset), Earliest, Latest));
        var days = Math.DivRem(ticks, TimeSpan.TicksPerDay, out var ofDay);
        if (ofDay < 0)
        {
            ofDay += TimeSpan.TicksPerDay;
            days--;
        }

        var (year, month, day) = CivilCalendar.Date(days);
        var hour = (int)(ofDay / TimeSpan.TicksPerHour);
        var subsecond = (int)(ofDay % TimeSpan.TicksPerSecond);
        var at = 0;
        foreach (var part in parts)
        {
            at += part.Field switch
            {
                MomentField.Literal => Put(target[at..], (byte)part.Width),
                MomentField.Year => PutDigits(target[at..], year, Math.Max(4, part.Width)),
                MomentField.ShortYear => PutDigits(target[at..], year % 100, 2),
                MomentField.Month => PutDigits(target[at..], month, part.Width),
                MomentField.MonthName => PutText(target[at..], part.Width == 3 ? Months[month - 1].AsSpan(0, 3) : Months[month - 1]),
                MomentField.Day => PutDigits(target[at..], day, part.Width),
                MomentField.Hour => PutDigits(target[at..], hour, part.Width),
                MomentField.HalfDayHour => PutDigits(target[at..], hour % 12 == 0 ? 12 : hour % 12, part.Width),
                MomentField.Minute => PutDigits(target[at..], (int)(ofDay / TimeSpan.TicksPerMinute % 60), part.Width),
                MomentField.Second => PutDigits(target[at..], (int)(ofDay / TimeSpan.TicksPerSecond % 60), part.Width),
                MomentField.Fraction => PutDigits(target[at..], subsecond / Power(7 - part.Width), part.Width),
                MomentField.OptionalFraction => PutOptionalFraction(target[at..], subsecond),
                MomentField.HalfDay => PutText(target[at..], hour < 12 ? "AM" : "PM"),
                MomentField.Zone when offset == 0 => Put(target[at..], (byte)'Z'),
                _ => PutOffset(target[at..], offset, part.Field == MomentField.Zone || part.Width > 2),
            };
        }

        return at;
    }

    private static int PutOffset(Span<byte> target, int offset, bool withMinutes)
    {
        var (hours, minutes) = Math.DivRem(Math.Abs(offset), 60);
        var at = Put(target, offset < 0 ? (byte)'-' : (byte)'+');
        at += PutDigits(target[at..], hours, 2);
        if (!withMinutes) return at;
        at += Put(target[at..], (byte)':');
        return at + PutDigits(target[at..], minutes, 2);
    }

    private long RoundToPrecision(double seconds)
    {
        long unit = TimeSpan.TicksPerDay;
        foreach (var part in parts)
        {
            unit = Math.Min(unit, part.Field switch
            {
                MomentField.Hour or MomentField.HalfDayHour => TimeSpan.TicksPerHour,
                MomentField.Minute => TimeSpan.TicksPerMinute,
                MomentField.Second => TimeSpan.TicksPerSecond,
                MomentField.Fraction => Power(7 - part.Width),
                MomentField.OptionalFraction => 10, // doubles hold microseconds, not more
                _ => unit,
            });
        }

        // A day or minute is cut, as clocks do; fractions of a second are rounded, as they come out of floating point.
        var ticks = Math.Min((long)Math.Round(seconds * 1e6) * 10, LatestTicks);
        return unit >= TimeSpan.TicksPerSecond
            ? Floor(ticks, unit)
            : Floor(Math.Min(ticks + (unit / 2), LatestTicks), unit);
    }

    private static long Floor(long value, long unit) => value - (((value % unit) + unit) % unit);

    private static int Put(Span<byte> target, byte value)
    {
        target[0] = value;
        return 1;
    }

    private static int PutText(Span<byte> target, ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            target[i] = (byte)text[i];
        }

        return text.Length;
    }

    private static int PutDigits(Span<byte> target, int value, int least)
    {
        var count = least;
        for (var limit = Power(least); value >= limit && count < 9; limit *= 10)
        {
            count++;
        }

        for (var i = count - 1; i >= 0; i--, value /= 10)
        {
            target[i] = (byte)('0' + (value % 10));
        }

        return count;
    }

    private static int PutOptionalFraction(Span<byte> target, int ticks)
    {
        if (ticks == 0)
        {
            return 0;
        }

        target[0] = (byte)'.';
        var count = PutDigits(target[1..], ticks, 7);
        while (target[count] == '0')
        {
            count--;
        }

        return count + 1;
    }

    private static int Power(int digits)
    {
        var power = 1;
        for (var i = 0; i < digits; i++)
        {
            power *= 10;
        }

        return power;
    }
}
