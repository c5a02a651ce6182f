using System.Globalization;
using System.Text.Json.Serialization;

namespace SynthStudio.Tabular;

/// <summary>
/// What the owner declares of a column, whatever the data hold: all that a private method may know of it without paying. Nothing in it is
/// inferred; what the declaration leaves open has a fixed meaning (missing values are allowed, moments are written as ISO 8601).
/// </summary>
public sealed record ColumnDomain
{
    /// <summary>The category that stands for all that are not listed, where it is listed.</summary>
    public const string Other = "other";

    public required ColumnKind Kind { get; init; }

    /// <summary>Digits after the decimal point; null for as many as a value has.</summary>
    public int? DecimalPlaces { get; init; }

    /// <summary>As <see cref="ColumnSchema.Format"/>.</summary>
    public string? Format { get; init; }

    /// <summary>What invented texts are about.</summary>
    public ValueClass? Class { get; init; }

    /// <summary>As <see cref="ColumnSchema.Locale"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Locale { get; init; }

    /// <summary>Whether missing values are told apart from others.</summary>
    public bool Nullable { get; init; } = true;

    /// <summary>The least value, in the units of <see cref="ColumnKind"/>; smaller ones count as it.</summary>
    public double? Min { get; init; }

    /// <summary>The greatest value; greater ones count as it.</summary>
    public double? Max { get; init; }

    /// <summary>The categories, distinct; null when they are not declared.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>The order of the categories; bounds are then the places of the lowest and the highest.</summary>
    public CategoryOrder? Order { get; init; }

    /// <summary>Which texts mean a missing value; null for the usual ones.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MissingMarkers? MissingMarkers { get; init; }

    /// <summary>Ranges that a private method cuts the values into; null leaves it to the method.</summary>
    public int? Bins { get; init; }

    /// <summary>Whether both bounds are declared.</summary>
    public bool IsBounded => Min is not null && Max is not null;

    /// <summary>The domain that a declaration describes; null when its kind is left to the data (numerical without decimal places).</summary>
    public static ColumnDomain? Of(ColumnDeclaration declared)
    {
        ColumnKind? kind = declared.Kind switch
        {
            DeclaredKind.Numerical => declared.DecimalPlaces switch { null => null, 0 => ColumnKind.Integer, _ => ColumnKind.Decimal },
            DeclaredKind.Categorical when declared.Order is not null => ColumnKind.Ordinal,
            _ => Enum.Parse<ColumnKind>(declared.Kind.ToString()),
        };
        if (kind is null) return null;
        var domain = new ColumnDomain
        {
            Kind = kind.Value, DecimalPlaces = declared.DecimalPlaces, Format = declared.Format, Class = declared.Class,
            Nullable = declared.Nullable ?? true, Values = declared.Values, Bins = declared.Bins, Order = declared.Order,
            MissingMarkers = MissingMarkers.Of(declared), Locale = declared.Locale,
        };
        if (declared.Order is { } order) return domain with { Min = 0, Max = order.Categories.Count - 1 };
        var schema = domain.Schema(declared.Name);
        return domain with { Min = Bound(schema, declared.Min), Max = Bound(schema, declared.Max) };
    }

    /// <summary>The schema of a column of which only this is known.</summary>
    public ColumnSchema Schema(string name) => new()
    {
        Name = name, Kind = Kind, DecimalPlaces = Kind == ColumnKind.Decimal ? DecimalPlaces : null, Format = Format, Class = Class,
        Nullable = Nullable, Order = Order, MissingMarkers = MissingMarkers, Locale = Locale,
    };

    /// <summary>A bound as text: a plain number, or ISO 8601.</summary>
    public string? Text(double? bound) => bound is not { } value ? null : Kind switch
    {
        ColumnKind.Time => TimeSpan.FromSeconds(value).ToString("hh\\:mm\\:ss\\.FFFFFFF", CultureInfo.InvariantCulture).TrimEnd('.'),
        ColumnKind.Date => DateTime.UnixEpoch.AddSeconds(value).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ColumnKind.DateTime => DateTime.UnixEpoch.AddSeconds(value).ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture).TrimEnd('.'),
        ColumnKind.Duration => Duration(value),
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    public bool Equals(ColumnDomain? other) =>
        other is not null && (Kind, DecimalPlaces, Format, Class, Locale, Nullable, Min, Max, Bins, Order)
            == (other.Kind, other.DecimalPlaces, other.Format, other.Class, other.Locale, other.Nullable, other.Min, other.Max, other.Bins, other.Order)
        && Equals(MissingMarkers, other.MissingMarkers)
        && (Values ?? []).SequenceEqual(other.Values ?? [], StringComparer.Ordinal)
        && Values is null == other.Values is null;

    public override int GetHashCode() => HashCode.Combine(Kind, DecimalPlaces, Format, Class, Nullable, Min, Max, (Bins, Values?.Count));

    private static string Duration(double seconds)
    {
        var spelling = DurationFormats.Of(new ColumnSchema { Name = "", Kind = ColumnKind.Duration });
        Span<byte> text = stackalloc byte[spelling.MostBytes];
        return System.Text.Encoding.UTF8.GetString(text[..spelling.Write(text, seconds)]);
    }

    /// <summary>The value of a bound's text; NaN when it cannot be read, which reading a schema refuses.</summary>
    private static double? Bound(ColumnSchema column, string? text) =>
        text is null ? null : column.IsNumeric && CellText.TryReadNumber(column, text, out var value) ? value : double.NaN;
}
