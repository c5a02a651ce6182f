using System.Text.Json.Nodes;

namespace SynthStudio.Assistant.Conversations;

/// <summary>Reads what a model wrote, which may be of any shape.</summary>
internal static class JsonReading
{
    /// <summary>A text; empty when it is not there, or none.</summary>
    public static string Text(this JsonObject node, string name) =>
        node[name] is JsonValue value && value.TryGetValue<string>(out var text) ? HarmlessText.Clean(text) : "";

    /// <summary>A text, number or flag as text; empty when it is not there, or of another kind.</summary>
    public static string Scalar(this JsonObject node, string name) => node[name] is JsonValue value ? HarmlessText.Clean(value.ToString()) : "";

    /// <summary>The objects of a list; none when it is not there.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonObject node, string name) => node[name] is JsonArray list ? list.OfType<JsonObject>() : [];

    /// <summary>The texts of a list; none when it is not there.</summary>
    public static IReadOnlyList<string> Texts(this JsonObject node, string name) =>
        node[name] is JsonArray list
            ? [.. list.OfType<JsonValue>()
                .Select(value => value.TryGetValue<string>(out var text) ? HarmlessText.Clean(text) : "")
                .Where(text => text.Length > 0)]
            : [];
}
