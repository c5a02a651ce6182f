namespace SynthStudio.Tabular;

/// <summary>What one column holds.</summary>
public sealed record ColumnProfile
{
    public required string Name { get; init; }

    public required ColumnKind Kind { get; init; }

    /// <summary>Why it has that kind, in a few words, without values of the data.</summary>
    public required string Reason { get; init; }

    /// <inheritdoc cref="ColumnSchema.DecimalPlaces"/>
    public int? DecimalPlaces { get; init; }

    /// <inheritdoc cref="ColumnSchema.Format"/>
    public string? Format { get; init; }

    /// <inheritdoc cref="ColumnSchema.Order"/>
    public CategoryOrder? Order { get; init; }

    /// <inheritdoc cref="ColumnSchema.MissingMarkers"/>
    public MissingMarkers? MissingMarkers { get; init; }

    /// <inheritdoc cref="ColumnSchema.Class"/>
    public ValueClass? Class { get; init; }

    /// <summary>Rows without a value.</summary>
    public required long Missing { get; init; }

    /// <summary>Distinct values, missing ones not counted.</summary>
    public required long Distinct { get; init; }

    /// <summary>Likely personal data; empty when nothing looks like it.</summary>
    public IReadOnlyList<PersonalDataFinding> PersonalData { get; init; } = [];

    /// <summary>What the column probably tells of a person; null in profiles of older versions.</summary>
    public Sensitivity? Sensitivity { get; init; }

    /// <summary>Whether values are withheld because the column looks like personal data, or is a key or free text.</summary>
    public bool ValuesWithheld { get; init; }

    /// <summary>Numbers, dates, times, durations and ordered categories; null for other kinds and where values are withheld.</summary>
    public NumberSummary? Numbers { get; init; }

    /// <summary>Lengths of texts; null for columns stored as numbers.</summary>
    public LengthSummary? Lengths { get; init; }

    /// <summary>The most frequent values, the most frequent first; null where values are withheld.</summary>
    public IReadOnlyList<TopValue>? TopValues { get; init; }
}

/// <summary>A value as it is written, and the rows that hold it.</summary>
public sealed record TopValue(string Value, long Rows);

/// <summary>Lengths of a column's texts in characters (Unicode code points), over rows with a value.</summary>
public sealed record LengthSummary(int Minimum, double Mean, int Maximum);
