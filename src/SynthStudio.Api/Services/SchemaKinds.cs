using System.Text.Json;

namespace SynthStudio.Api.Services;

/// <summary>What a schema file says of kinds, and nothing else of it: it may list categories and bounds, which are values.</summary>
internal static class SchemaKinds
{
    /// <summary>The kinds by column, in the file's order; null for a column without one. The file was checked when it was given.</summary>
    public static IReadOnlyDictionary<string, string?> Of(string schemaJson)
    {
        var kinds = new OrderedDictionary<string, string?>(StringComparer.Ordinal);
        if (schemaJson.Length == 0) return kinds;
        using var schema = JsonDocument.Parse(schemaJson);
        if (schema.RootElement.ValueKind != JsonValueKind.Object || !schema.RootElement.TryGetProperty("columns", out var columns)
            || columns.ValueKind != JsonValueKind.Object) return kinds;
        foreach (var column in columns.EnumerateObject())
        {
            kinds[column.Name] = column.Value.ValueKind == JsonValueKind.String ? column.Value.GetString()
                : column.Value.ValueKind == JsonValueKind.Object && column.Value.TryGetProperty("kind", out var kind)
                    && kind.ValueKind == JsonValueKind.String ? kind.GetString()
                : null;
        }

        return kinds;
    }
}
