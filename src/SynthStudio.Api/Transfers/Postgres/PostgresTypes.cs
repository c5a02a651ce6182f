using System.Text.Json;

namespace SynthStudio.Api.Transfers.Postgres;

/// <summary>From the columns of a model's schema, as its manifest has them, to types that PostgreSQL reads their spellings as.</summary>
internal static class PostgresTypes
{
    private const string Text = "text";

    /// <summary>The type of a column: text where its values are spelled in another way than the database reads.</summary>
    /// <param name="column">A column of the manifest's schema.</param>
    public static string Of(JsonElement column)
    {
        var format = column.TryGetProperty("Format", out var written) ? written.GetString() : null;
        return column.GetProperty("Kind").GetString() switch
        {
            "Integer" => format is null ? "bigint" : "numeric", // 41.0 is a whole number, too.
            "Decimal" => column.TryGetProperty("DecimalPlaces", out var places) && places.ValueKind == JsonValueKind.Number ? "numeric" : "double precision",
            "Date" => IsIso(format) ? "date" : Text,
            "DateTime" => !IsIso(format) ? Text : format?.IndexOfAny(['z', 'Z', 'K']) >= 0 ? "timestamptz" : "timestamp",
            "Time" => format is null || format.StartsWith("HH:mm", StringComparison.Ordinal) ? "time" : Text,
            "Duration" => format is null || format.StartsWith('P') ? "interval" : Text,
            "Boolean" => "boolean",
            _ => Text,
        };
    }

    private static bool IsIso(string? format) => format is null || format.StartsWith("yyyy-MM-dd", StringComparison.Ordinal);
}
