namespace SynthStudio.Tabular;

/// <summary>What a column's values mean, and with that how they are stored, modelled and compared.</summary>
public enum ColumnKind
{
    /// <summary>Whole numbers, stored as doubles (exact to 2^53).</summary>
    Integer,

    /// <summary>Numbers with a fraction; <see cref="ColumnSchema.DecimalPlaces"/> says how many digits of it are written.</summary>
    Decimal,

    /// <summary>One of a limited set of texts.</summary>
    Categorical,

    /// <summary>Two values, kept in the spelling of the source (true/false, yes/no, 0/1).</summary>
    Boolean,

    /// <summary>A moment, stored as seconds since 1970-01-01T00:00:00 UTC.</summary>
    DateTime,

    /// <summary>A day, stored as seconds since 1970-01-01 at midnight.</summary>
    Date,

    /// <summary>A time of day, stored as seconds since midnight.</summary>
    Time,

    /// <summary>A length of time, stored as seconds.</summary>
    Duration,

    /// <summary>One of the categories of a declared order, stored as its place in it; see <see cref="ColumnSchema.Order"/>.</summary>
    Ordinal,

    /// <summary>Free text, mostly distinct.</summary>
    Text,

    /// <summary>A key, its values never learned: distinct in (almost) every row, or of persons or things with several rows each.</summary>
    Identifier,

    /// <summary>Present in the source, left out of models and reports.</summary>
    Ignored,
}
