namespace SynthStudio.Api.Formats;

/// <summary>What the cells of a column are, for files and databases that have types. Cells are spelled as PostgreSQL reads them.</summary>
internal enum ColumnType
{
    Text,

    /// <summary>Whole numbers of 64 bits.</summary>
    Integer,

    /// <summary>Decimal numbers of any length.</summary>
    Decimal,

    /// <summary>Binary floating point of 64 bits.</summary>
    Double,

    Boolean,

    /// <summary>ISO 8601 days.</summary>
    Date,

    /// <summary>ISO 8601 days and times of no zone.</summary>
    Timestamp,

    /// <summary>ISO 8601 days and times with their offset from UTC.</summary>
    TimestampUtc,

    /// <summary>Times of a day.</summary>
    Time,

    /// <summary>ISO 8601 durations.</summary>
    Interval,
}

/// <summary>A column of rows that are written somewhere.</summary>
internal sealed record TypedColumn(string Name, ColumnType Type)
{
    /// <summary>Columns, some of which are to be texts, whatever they hold.</summary>
    /// <exception cref="NoSuchColumnException">One of <paramref name="asText"/> is no column.</exception>
    public static IReadOnlyList<TypedColumn> List(IEnumerable<TypedColumn> columns, IReadOnlyCollection<string> asText)
    {
        TypedColumn[] all = [.. columns];
        return asText.Except(all.Select(column => column.Name), StringComparer.Ordinal).FirstOrDefault() is { } unknown
            ? throw new NoSuchColumnException(unknown)
            : [.. all.Select(column => asText.Contains(column.Name, StringComparer.Ordinal) ? column with { Type = ColumnType.Text } : column)];
    }
}

/// <summary>A column was named that the rows do not have.</summary>
internal sealed class NoSuchColumnException(string column) : Exception($"The rows have no column {column} (text_columns).")
{
    public string Column { get; } = column;
}

/// <summary>A cell is none of its column's type. The message names the column, not the value.</summary>
internal sealed class ValueNotOfTypeException(string column, ColumnType type, Exception? inner = null)
    : Exception($"A value of the column {column} is no {type.ToString().ToLowerInvariant()}: write the column as text (text_columns).", inner)
{
    public string Column { get; } = column;
}
