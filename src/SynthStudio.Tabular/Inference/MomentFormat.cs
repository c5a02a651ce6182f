namespace SynthStudio.Tabular;

/// <summary>
/// A date and time format in .NET's notation (yyyy MM dd HH mm ss f F tt z K, MMM and MMMM in English), that reads and writes UTF-8 in both
/// directions without culture. Values are seconds: since 1970-01-01 UTC, or since midnight for a time of day.
/// </summary>
internal sealed class MomentFormat
{
    private static readonly string[] Months =
    [
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ];

    /// <summary>Most characters of a pattern.</summary>
    private const int LongestPattern = 64;

    private const double Earliest = -62167219200; // 0000-01-01
    private const double Latest = 253402300800; // the end of 9999-12-31
    private const long LatestTicks = ((long)Latest * TimeSpan.TicksPerSecond) - 10;

    private readonly MomentPart[] parts;

    private MomentFormat(string pattern, MomentPart[] parts, ColumnKind kind)
    {
        Pattern = pattern;
        this.parts = parts;
        Kind = kind;
        IsDuration = kind == ColumnKind.Time;
        HasZone = parts.Any(p => p.Field is MomentField.Zone or MomentField.Offset);
    }

    /// <summary>The format as text.</summary>
    public string Pattern { get; }

    /// <summary>Date, Time or DateTime, by the fields it has.</summary>
    public ColumnKind Kind { get; }

    public bool HasZone { get; }

    private bool IsDuration { get; }

    /// <summary>Understands <paramref name="pattern"/>, which must name a whole date, or a time, or both.</summary>
    public static bool TryParse(string pattern, out MomentFormat format)
    {
        format = null!;
        if (pattern.Length is 0 or > LongestPattern)
        {
            return false;
        }

        var parts = new List<MomentPart>();
        for (var i = 0; i < pattern.Length;)
        {
            var c = pattern[i];
            if (c is '\'' or '"')
            {
                var end = pattern.IndexOf(c, i + 1);
                if (end < 0)
                {
                    return false;
                }

                AddLiterals(parts, pattern[(i + 1)..end]);
                i = end + 1;
                continue;
            }

            if (c == '\\' && i + 1 < pattern.Length)
            {
                AddLiterals(parts, pattern[(i + 1)..(i + 2)]);
                i += 2;
                continue;
            }

            var run = 1;
            while (i + run < pattern.Length && pattern[i + run] == c)
            {
                run++;
            }

            if (c == 'F' && parts.Count > 0 && parts[^1] == new MomentPart(MomentField.Literal, '.'))
            {
                parts.RemoveAt(parts.Count - 1); // the point goes when the fraction does
            }

            if (Part(c, run) is { } part)
            {
                parts.Add(part);
            }
            else if (char.IsAsciiLetter(c) && c != 'T')
            {
                return false;
            }
            else
            {
                AddLiterals(parts, new string(c, run));
            }

            i += run;
        }

        bool Has(params ReadOnlySpan<MomentField> fields)
        {
            foreach (var field in fields)
            {
                if (parts.Exists(p => p.Field == field))
                {
                    return true;
                }
            }

            return false;
        }

        var date = Has(MomentField.Year, MomentField.ShortYear);
        var time = Has(MomentField.Hour) || (Has(MomentField.HalfDayHour) && Has(MomentField.HalfDay));
        var orphan = (Has(MomentField.Month, MomentField.MonthName, MomentField.Day) && !date)
            || (Has(MomentField.Minute, MomentField.Second, MomentField.Fraction, MomentField.Zone, MomentField.Offset) && !time)
            || (Has(MomentField.Zone, MomentField.Offset) && !date);
        if ((!date && !time) || orphan)
        {
            return false;
        }

        format = new MomentFormat(pattern, [.. parts], date ? time ? ColumnKind.DateTime : ColumnKind.Date : ColumnKind.Time);
        return true;
    }

    /// <summary>Reads a trimmed text; false when it is not exactly of this format, or no such moment exists.</summary>
    public bool TryRead(ReadOnlySpan<byte> text, out double seconds)
    {
        int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0, halfDay = -1, offsetMinutes = 0;
        double fraction = 0;
        seconds = 0;
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

    /// <summary>Writes a moment, cut to the years 0 to 9999 and rounded to the last digit the format has; returns the bytes written.</summary>
    public int Write(Span<byte> target, double seconds)
    {
        var ticks = RoundToPrecision(Math.Clamp(seconds, Earliest, Latest));
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
                MomentField.Zone => Put(target[at..], (byte)'Z'),
                _ => PutText(target[at..], part.Width < 3 ? "+00" : "+00:00"),
            };
        }

        return at;
    }

    private static MomentPart? Part(char c, int run) => (c, run) switch
    {
        ('y', 4) => new(MomentField.Year, 4),
        ('y', 2) => new(MomentField.ShortYear, 2),
        ('M', 1 or 2) => new(MomentField.Month, run),
        ('M', 3 or 4) => new(MomentField.MonthName, run),
        ('d', 1 or 2) => new(MomentField.Day, run),
        ('H', 1 or 2) => new(MomentField.Hour, run),
        ('h', 1 or 2) => new(MomentField.HalfDayHour, run),
        ('m', 1 or 2) => new(MomentField.Minute, run),
        ('s', 1 or 2) => new(MomentField.Second, run),
        ('f', <= 7) => new(MomentField.Fraction, run),
        ('F', <= 7) => new(MomentField.OptionalFraction, run),
        ('t', 2) => new(MomentField.HalfDay, 2),
        ('K', 1) => new(MomentField.Zone, 1),
        ('z', 2 or 3) => new(MomentField.Offset, run),
        _ => null,
    };

    private static void AddLiterals(List<MomentPart> parts, string text)
    {
        foreach (var b in System.Text.Encoding.UTF8.GetBytes(text))
        {
            parts.Add(new MomentPart(MomentField.Literal, b));
        }
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
