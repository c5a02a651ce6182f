using System.Text.Json;

namespace SynthStudio.Tabular;

/// <summary>Whether a text begins like a JSON table.</summary>
internal static class JsonShape
{
    /// <summary>Whether the name says JSON, with or without a compression after it.</summary>
    public static bool IsNamed(string fileName)
    {
        var extensions = fileName.Split('.').Skip(1).TakeLast(2);
        return extensions.Any(e => e.ToLowerInvariant() is "json" or "jsonl" or "ndjson");
    }

    /// <summary>True for an object with a property, an empty object, or an array; a CSV whose first name begins with a brace is none of these.</summary>
    public static bool Looks(ReadOnlySpan<byte> head)
    {
        var reader = new Utf8JsonReader(head, isFinalBlock: false, state: default);
        try
        {
            if (!reader.Read() || reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
            {
                return false;
            }

            return !reader.Read() || reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.StartObject or JsonTokenType.EndObject
                or JsonTokenType.EndArray;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
