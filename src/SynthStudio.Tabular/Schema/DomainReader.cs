using System.Text.Json;

namespace SynthStudio.Tabular;

/// <summary>The parts of a schema file that private methods live on: bounds, categories, bins, unit and number of rows.</summary>
internal static class DomainReader
{
    private const int MostBins = 10_000;
    private const int MostValues = 100_000;

    /// <summary>Adds a property to a column's declaration; null when it is none of these.</summary>
    /// <exception cref="TableException">Its value is of the wrong form.</exception>
    public static ColumnDeclaration? Read(ColumnDeclaration column, JsonProperty property) => property.Name switch
    {
        "min" => column with { Min = Bound(column.Name, property) },
        "max" => column with { Max = Bound(column.Name, property) },
        "values" => column with { Values = Values(column.Name, property.Value) },
        "bins" => column with { Bins = (int)Whole(property.Value, 2, MostBins, $"Column '{column.Name}': 'bins'", column.Name) },
        _ => null,
    };

    /// <summary>Adds a property of the file's root to what is known of its population; null when it is none of these.</summary>
    /// <exception cref="TableException">Its value is of the wrong form.</exception>
    public static Population? Read(Population population, JsonProperty property) => property.Name switch
    {
        "unit" when property.Value.ValueKind is JsonValueKind.String => population with { Unit = property.Value.GetString() },
        "unit" when property.Value.ValueKind is JsonValueKind.Null => population,
        "unit" => throw Invalid("'unit' must be the name of a column."),
        "max_rows_per_unit" => population with { MaxRowsPerUnit = (int)Whole(property.Value, 1, 1000, "'max_rows_per_unit'") },
        "rows" => population with { Rows = Whole(property.Value, 1, 1L << 40, "'rows'") },
        _ => null,
    };

    /// <exception cref="TableException">What is declared contradicts the column's kind or itself.</exception>
    public static void RefuseContradictions(ColumnDeclaration column)
    {
        var bounded = column.Kind is DeclaredKind.Numerical or DeclaredKind.Integer or DeclaredKind.Decimal
            or DeclaredKind.DateTime or DeclaredKind.Date or DeclaredKind.Time or DeclaredKind.Duration;
        if (!bounded && (column.Min ?? column.Max) is not null) throw Belongs(column, "'min' and 'max' belong to numbers, dates, times and durations");
        if (!bounded && column.Bins is not null) throw Belongs(column, "'bins' belongs to numbers, dates, times and durations");
        if (column.Values is not null && column.Kind is not (DeclaredKind.Categorical or DeclaredKind.Boolean))
            throw Belongs(column, "'values' belongs to kind categorical or boolean");
        if (column is { Values: not null, Order: not null }) throw Belongs(column, "'order' lists the categories already: leave 'values' out");
        if (column is { Kind: DeclaredKind.Boolean, Values.Count: not 2 and not 0 }) throw Belongs(column, "a boolean has two 'values'");
        var domain = ColumnDomain.Of(column with { Kind = column.Kind == DeclaredKind.Numerical ? DeclaredKind.Decimal : column.Kind })!;
        foreach (var (name, text, value) in new[] { ("min", column.Min, domain.Min), ("max", column.Max, domain.Max) })
        {
            if (value is { } read && !double.IsFinite(read)) throw Belongs(column, $"'{name}' is '{text}', which is no value of its kind and format");
        }

        if (domain.Min >= domain.Max) throw Belongs(column, "'min' must be less than 'max'");
    }

    private static string? Bound(string column, JsonProperty property) => property.Value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Number => property.Value.GetRawText(),
        JsonValueKind.String => property.Value.GetString(),
        _ => throw Invalid($"Column '{column}': '{property.Name}' must be a number, or a date, time or duration in the spelling of the source or as ISO 8601 writes it.", column),
    };

    private static List<string>? Values(string column, JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Null) return null;
        if (element.ValueKind != JsonValueKind.Array) throw Invalid($"Column '{column}': 'values' must be a list of its categories.", column);
        var values = element.EnumerateArray().Select(value => value.ValueKind switch
        {
            JsonValueKind.String when value.GetString()!.Trim().Length > 0 => value.GetString()!.Trim(),
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => throw Invalid($"Column '{column}': each of its 'values' must be a text, a number, true or false.", column),
        }).ToList();
        if (values.Count is 0 or > MostValues) throw Invalid($"Column '{column}': 'values' must list 1 to {MostValues} categories.", column);
        return values.Distinct(StringComparer.Ordinal).Count() == values.Count
            ? values
            : throw Invalid($"Column '{column}': 'values' lists a category twice.", column);
    }

    private static long Whole(JsonElement value, long least, long most, string subject, string? column = null) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= least && number <= most
            ? number
            : throw Invalid($"{subject} must be a whole number from {least} to {most}.", column);

    private static TableException Belongs(ColumnDeclaration column, string what) => Invalid($"Column '{column.Name}': {what}.", column.Name);

    private static TableException Invalid(string message, string? column = null) => new(TableError.InvalidSchema, message, column);
}
