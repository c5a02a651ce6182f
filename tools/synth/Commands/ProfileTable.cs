using System.Globalization;
using System.Text.Json;

namespace SynthStudio.Cli.Commands;

/// <summary>A profile's JSON as a table for people: one line a column.</summary>
internal static class ProfileTable
{
    private const int ShownValues = 3;
    private const int ShownCharacters = 24;

    public static string Describe(string json)
    {
        using var profile = JsonDocument.Parse(json);
        var table = new TextTable("COLUMN", "KIND", "MISSING", "DISTINCT", "VALUES", "LIKELY PERSONAL DATA");
        foreach (var column in profile.RootElement.GetProperty("columns").EnumerateArray())
        {
            table.Add(
                column.GetProperty("name").GetString()!,
                Kind(column),
                column.GetProperty("missing").GetInt64().ToString("N0", CultureInfo.InvariantCulture),
                column.GetProperty("distinct").GetInt64().ToString("N0", CultureInfo.InvariantCulture),
                Values(column),
                string.Join(", ", column.GetProperty("personal_data").EnumerateArray().Select(f => f.GetProperty("kind").GetString())));
        }

        return table.ToString();
    }

    private static string Kind(JsonElement column) => column.GetProperty("kind").GetString()!
        + (column.TryGetProperty("class", out var about) && about.ValueKind == JsonValueKind.String ? $" ({about.GetString()})" : "");

    private static string Values(JsonElement column)
    {
        if (column.GetProperty("values_withheld").GetBoolean())
        {
            return "(withheld)";
        }

        if (column.TryGetProperty("numbers", out var numbers) && numbers.TryGetProperty("minimum_text", out _)) // Left out for whom the data policy does not name.
        {
            return $"{numbers.GetProperty("minimum_text").GetString()} to {numbers.GetProperty("maximum_text").GetString()}";
        }

        return column.TryGetProperty("top_values", out var top)
            ? string.Join(", ", top.EnumerateArray().Take(ShownValues).Select(v => Shorten(v.GetProperty("value").GetString()!)))
            : "";
    }

    private static string Shorten(string value) => value.Length <= ShownCharacters ? value : value[..(ShownCharacters - 1)] + "…";
}
