using System.Text.Json;

namespace SynthStudio.Api.Formats;

/// <summary>
/// From the columns of a model's schema, as its manifest has them, to types: text where values are spelled in
/// another way than databases read.
/// </summary>
internal static class ManifestTypes
{
    /// <param name="column">A column of the manifest's schema.</param>
    public static ColumnType Of(JsonElement column)
    {
        var format = column.TryGetProperty("Format", out var written) ? written.GetString() : null;
        return column.GetProperty("Kind").GetString() switch
        {
            // With a currency, percent sign, groups or a comma.
            "Integer" or "Decimal" when format is not null && (!format.StartsWith('0') || format.AsSpan().ContainsAnyExcept("0.#")) =>
                ColumnType.Text,
            "Integer" => format is null ? ColumnType.Integer : ColumnType.Decimal, // 41.0 is a whole number, too.
            "Decimal" => column.TryGetProperty("DecimalPlaces", out var places) && places.ValueKind == JsonValueKind.Number ? ColumnType.Decimal : ColumnType.Double,
            "Date" => IsIso(format) ? ColumnType.Date : ColumnType.Text,
            "DateTime" => !IsIso(format) ? ColumnType.Text : format?.IndexOfAny(['z', 'Z', 'K']) >= 0 ? ColumnType.TimestampUtc : ColumnType.Timestamp,
            "Time" => format is null || format.StartsWith("HH:mm", StringComparison.Ordinal) ? ColumnType.Time : ColumnType.Text,
            "Duration" => format is null || format.StartsWith('P') ? ColumnType.Interval : ColumnType.Text,
            "Boolean" => ColumnType.Boolean,
            _ => ColumnType.Text,
        };
    }

    private static bool IsIso(string? format) => format is null || format.StartsWith("yyyy-MM-dd", StringComparison.Ordinal);
}
