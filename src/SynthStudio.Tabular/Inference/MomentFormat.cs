namespace SynthStudio.Tabular;

/// <summary>
/// A date and time format in .NET's notation (yyyy MM dd HH mm ss f F tt z K, MMM and MMMM in English), that reads and writes UTF-8 in both
/// directions without culture. Values are seconds: since 1970-01-01 UTC, or since midnight for a time of day.
/// </summary>
internal sealed partial class MomentFormat : ISpelling
{
    private static readonly string[] Months =
    [
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ];

    /// <summary>Most characters of a pattern.</summary>
    private const int LongestPattern = 64;

    private readonly MomentPart[] parts;

    private MomentFormat(string pattern, MomentPart[] parts, ColumnKind kind)
    {
        Pattern = pattern;
        this.parts = parts;
        Kind = kind;
        IsDuration = kind == ColumnKind.Time;
    }

    /// <summary>The format as text.</summary>
    public string Pattern { get; }

    public int MostBytes => 512;

    /// <summary>Date, Time or DateTime, by the fields it has.</summary>
    public ColumnKind Kind { get; }

    /// <summary>Whether the offset from UTC is written, and another one can be for each value.</summary>
    public bool HasOffset => Array.Exists(parts, part => part.Field is MomentField.Zone or MomentField.Offset);

    /// <summary>
    /// The offset from UTC in minutes that the format ends with as it stands, since all values share it: they are
    /// local times. 0 without one.
    /// </summary>
    public int FixedOffset
    {
        get
        {
            if (Kind != ColumnKind.DateTime || HasOffset || !Pattern.EndsWith('\''))
            {
                return 0;
            }

            ReadOnlySpan<byte> text = System.Text.Encoding.UTF8.GetBytes(Pattern[(Pattern.LastIndexOf('\'', Pattern.Length - 2) + 1)..^1]);
            return TakeOffset(ref text, text.Length > 3 ? 3 : 2, out var minutes) && text.Length == 0 ? minutes : 0;
        }
    }

    private bool IsDuration { get; }

    /// <summary>Understands <paramref name="pattern"/>, which must name a whole date, or a time, or both.</summary>
    public static bool TryParse(string pattern, out MomentFormat format)
    {
        format = null!;
        if (pattern.Length is 0 or > LongestPattern || ReadParts(pattern) is not { } parts || KindOf(parts) is not { } kind)
        {
            return false;
        }

        format = new MomentFormat(pattern, [.. parts], kind);
        return true;
    }

    /// <summary>The parts of a pattern; null when a quote is not closed, or a letter stands for nothing.</summary>
    private static List<MomentPart>? ReadParts(string pattern)
    {
        var parts = new List<MomentPart>();
        for (var i = 0; i < pattern.Length;)
        {
            var c = pattern[i];
            if (c is '\'' or '"')
            {
                var end = pattern.IndexOf(c, i + 1);
                if (end < 0)
                {
                    return null;
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
                return null;
            }
            else
            {
                AddLiterals(parts, new string(c, run));
            }

            i += run;
        }

        return parts;
    }

    /// <summary>Date, Time or DateTime; null when the parts are neither a whole date nor a time, or one of them stands without what it belongs to.</summary>
    private static ColumnKind? KindOf(List<MomentPart> parts)
    {
        var date = Has(MomentField.Year, MomentField.ShortYear);
        var time = Has(MomentField.Hour) || (Has(MomentField.HalfDayHour) && Has(MomentField.HalfDay));
        var orphan = (Has(MomentField.Month, MomentField.MonthName, MomentField.Day) && !date)
            || (Has(MomentField.Minute, MomentField.Second, MomentField.Fraction, MomentField.Zone, MomentField.Offset) && !time)
            || (Has(MomentField.Zone, MomentField.Offset) && !date);
        if ((!date && !time) || orphan)
        {
            return null;
        }

        return date ? time ? ColumnKind.DateTime : ColumnKind.Date : ColumnKind.Time;

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
}
