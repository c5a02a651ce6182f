using System.Text.Json.Nodes;

namespace SynthStudio.Reporting;

/// <summary>Reads a report of any version: what is not there, or is of another kind, is read as nothing.</summary>
public static class ReportJson
{
    /// <summary>The objects of a list; none where there is no list.</summary>
    public static IEnumerable<JsonObject> Objects(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>The text of a field; empty where there is none.</summary>
    public static string Text(JsonObject item, string name) => item[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
