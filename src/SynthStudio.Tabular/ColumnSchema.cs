using System.Text.Json.Serialization;

namespace SynthStudio.Tabular;

/// <summary>One column: its name, kind and how its values are written.</summary>
public sealed record ColumnSchema
{
    /// <summary>The name, unique in its table and not empty.</summary>
    public required string Name { get; init; }

    public required ColumnKind Kind { get; init; }

    /// <summary>Digits after the decimal point of a <see cref="ColumnKind.Decimal"/> column; null when they vary too much to be meant.</summary>
    public int? DecimalPlaces { get; init; }

    /// <summary>
    /// How values are written, as found in the source. Dates and times: a .NET format string, null for ISO 8601. Numbers: <c>0.00</c>
    /// always writes two digits after the point, <c>0.0#</c> at least one (also of whole numbers, 41.0), <c>$#,##0.00</c>,
    /// <c>#.##0,00 €</c> and <c>USD 0</c> amounts with their currency, <c>0.0%</c>, <c>#,##0</c> and <c>0,00</c> percentages, groups and
    /// decimal commas; null writes no needless zeros. Durations: a clock such as <c>[h]:mm:ss</c> or <c>d days hh:mm:ss</c>, a unit such as
    /// <c>0.0 h</c>, or ISO 8601 (<c>PnDTnHnMnS</c>, also null).
    /// </summary>
    public string? Format { get; init; }

    /// <summary>The categories of an <see cref="ColumnKind.Ordinal"/> column, the lowest first; null for all other columns.</summary>
    public CategoryOrder? Order { get; init; }

    /// <summary>What its texts are about, where new ones are invented for that; null for all other columns.</summary>
    public ValueClass? Class { get; init; }

    /// <summary>Language and country of invented names and places, as <c>de_AT</c>; null for those of its person's other columns, or English.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Locale { get; init; }

    /// <summary>Which texts of the source mean a missing value; null for the usual ones.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MissingMarkers? MissingMarkers { get; init; }

    /// <summary>Whether missing values occur or are allowed.</summary>
    public bool Nullable { get; init; } = true;

    /// <summary>Whether values are dates, times or moments, written in a <see cref="Format"/> of those.</summary>
    [JsonIgnore]
    public bool IsMoment => Kind is ColumnKind.DateTime or ColumnKind.Date or ColumnKind.Time;

    /// <summary>Whether values are stored as numbers (<see cref="NumericColumn"/>) rather than as codes (<see cref="CodedColumn"/>).</summary>
    public bool IsNumeric => Kind is ColumnKind.Integer or ColumnKind.Decimal or ColumnKind.DateTime or ColumnKind.Date or ColumnKind.Time
        or ColumnKind.Duration or ColumnKind.Ordinal;
}
