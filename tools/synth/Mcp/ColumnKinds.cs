using System.Text.Json;
using System.Text.Json.Nodes;
using SynthStudio.V1;

namespace SynthStudio.Cli.Mcp;

/// <summary>A data set's columns without anything that was read from its rows: a schema may list categories and bounds.</summary>
internal static class ColumnKinds
{
    /// <summary>Leaves of the schema the names and kinds of columns.</summary>
    public static void Reduce(Dataset dataset)
    {
        if (dataset.SchemaJson.Length == 0) return;
        using var schema = JsonDocument.Parse(dataset.SchemaJson);
        var columns = schema.RootElement.TryGetProperty("columns", out var found) && found.ValueKind == JsonValueKind.Object
            ? found.EnumerateObject().Select(column => KeyValuePair.Create<string, JsonNode?>(column.Name, KindOf(column.Value)))
            : [];
        dataset.SchemaJson = new JsonObject { ["columns"] = new JsonObject([.. columns]) }.ToJsonString();
    }

    private static string? KindOf(JsonElement column) =>
        column.ValueKind == JsonValueKind.String
            ? column.GetString()
            : column.ValueKind == JsonValueKind.Object && column.TryGetProperty("kind", out var kind)
                && kind.ValueKind == JsonValueKind.String
                ? kind.GetString()
                : null;
}
