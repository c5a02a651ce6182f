namespace SynthStudio.Tabular;

/// <content>Texts to moments.</content>
internal sealed partial class MomentFormat
{
    /// <summary>Reads a trimmed text; false when it is not exactly of this format, or no such moment exists.</summary>
    public bool TryRead(ReadOnlySpan<byte> text, out double seconds) => TryRead(text, out seconds, out _);

    /// <summary>Reads a trimmed text, and the offset from UTC that it is written with, 0 without one.</summary>
    public bool TryRead(ReadOnlySpan<byte> text, out double seconds, out int offsetMinutes)
    {
        int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0, halfDay = -1;
        double fraction = 0;
        (seconds, offsetMinutes) = (0, 0);
        foreach (var part in parts)
        {
            var ok = part.Field switch
            {
                MomentField.Literal => TakeLiteral(ref text, part.Width),
                MomentField.Year => TakeDigits(ref text, part.Width, 4, out year),
                MomentField.ShortYear => TakeDigits(ref text, 2, 2, out year),
                MomentField.Month => TakeDigits(ref text, part.Width, 2, out month),
                MomentField.MonthName => TakeMonth(ref text, part.Width, out month),
                MomentField.Day => TakeDigits(ref text, part.Width, 2, out day),
                MomentField.Hour or MomentField.HalfDayHour => TakeDigits(ref text, part.Width, 2, out hour),
                MomentField.Minute => TakeDigits(ref text, part.Width, 2, out minute),
                MomentField.Second => TakeDigits(ref text, part.Width, 2, out second),
                MomentField.Fraction => TakeFraction(ref text, part.Width, part.Width, out fraction),
                MomentField.OptionalFraction => text.Length == 0 || text[0] != '.' || TakeOptionalFraction(ref text, out fraction),
                MomentField.HalfDay => TakeHalfDay(ref text, out halfDay),
                MomentField.Zone => TakeZone(ref text, out offsetMinutes),
                _ => TakeOffset(ref text, part.Width, out offsetMinutes),
            };
            if (!ok)
            {
                return false;
            }

            if (part.Field == MomentField.ShortYear)
            {
                year += year < 50 ? 2000 : 1900;
            }
        }

        if (halfDay >= 0)
        {
            if (hour is < 1 or > 12)
            {
                return false;
            }

            hour = (hour % 12) + (halfDay * 12);
        }

        if (text.Length > 0 || hour > 23 || minute > 59 || second > 59 || !CivilCalendar.TryDays(year, month, day, out var days))
        {
            return false;
        }

        var ofDay = (hour * 3600) + (minute * 60) + second + fraction;
        seconds = IsDuration ? ofDay : (days * CivilCalendar.SecondsPerDay) + ofDay - (offsetMinutes * 60);
        return true;
    }

    private static bool TakeLiteral(ref ReadOnlySpan<byte> text, int literal)
    {
        var ok = text.Length > 0 && text[0] == literal;
        text = ok ? text[1..] : text;
        return ok;
    }

    private static bool TakeDigits(ref ReadOnlySpan<byte> text, int least, int most, out int value)
    {
        value = 0;
        var count = 0;
        while (count < most && count < text.Length && (uint)(text[count] - '0') <= 9)
        {
            value = (value * 10) + (text[count++] - '0');
        }

        text = text[count..];
        return count >= least;
    }

    private static bool TakeFraction(ref ReadOnlySpan<byte> text, int least, int most, out double fraction)
    {
        var before = text.Length;
        var ok = TakeDigits(ref text, least, most, out var digits);
        fraction = digits / Math.Pow(10, before - text.Length);
        return ok;
    }

    private static bool TakeOptionalFraction(ref ReadOnlySpan<byte> text, out double fraction)
    {
        text = text[1..];
        return TakeFraction(ref text, 1, 9, out fraction);
    }

    private static bool TakeHalfDay(ref ReadOnlySpan<byte> text, out int halfDay)
    {
        halfDay = text.Length < 2 || (text[1] | 0x20) != 'm' ? -1 : (text[0] | 0x20) switch { 'a' => 0, 'p' => 1, _ => -1 };
        text = halfDay < 0 ? text : text[2..];
        return halfDay >= 0;
    }

    private static bool TakeMonth(ref ReadOnlySpan<byte> text, int width, out int month)
    {
        for (month = 1; month <= 12; month++)
        {
            var name = width == 3 ? Months[month - 1].AsSpan(0, 3) : Months[month - 1];
            if (text.Length >= name.Length && System.Text.Ascii.EqualsIgnoreCase(text[..name.Length], name))
            {
                text = text[name.Length..];
                return true;
            }
        }

        return false;
    }

    private static bool TakeZone(ref ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        return TakeLiteral(ref text, 'Z') || TakeLiteral(ref text, 'z') || TakeOffset(ref text, 3, out minutes);
    }

    private static bool TakeOffset(ref ReadOnlySpan<byte> text, int width, out int minutes)
    {
        minutes = 0;
        var sign = text.Length == 0 ? 0 : text[0] switch { (byte)'+' => 1, (byte)'-' => -1, _ => 0 };
        text = sign == 0 ? text : text[1..];
        if (sign == 0 || !TakeDigits(ref text, 2, 2, out var hours))
        {
            return false;
        }

        var rest = 0;
        if (width > 2)
        {
            TakeLiteral(ref text, ':');
            if (!TakeDigits(ref text, 2, 2, out rest))
            {
                return false;
            }
        }

        minutes = sign * ((hours * 60) + rest);
        return hours <= 18 && rest < 60;
    }
}
