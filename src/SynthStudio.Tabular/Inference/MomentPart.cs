namespace SynthStudio.Tabular;

/// <summary>One piece of a <see cref="MomentFormat"/>.</summary>
internal enum MomentField
{
    Literal,
    Year,
    ShortYear,
    Month,
    MonthName,
    Day,
    Hour,
    HalfDayHour,
    Minute,
    Second,

    /// <summary>Exactly so many digits of the second's fraction.</summary>
    Fraction,

    /// <summary>The point and up to seven digits of the second's fraction, or nothing.</summary>
    OptionalFraction,

    /// <summary>AM or PM.</summary>
    HalfDay,

    /// <summary>Z, or an offset as of <see cref="Offset"/>; UTC is written as Z.</summary>
    Zone,

    /// <summary>An offset from UTC: +01:00 or +0100, of width 2 only +01; written with a colon.</summary>
    Offset,
}

/// <summary>A field with its width: digits at least for numbers, 3 or more for names, the character itself for literals.</summary>
internal readonly record struct MomentPart(MomentField Field, int Width);
