using System.Text.Json;
using System.Text.Json.Nodes;

namespace SynthStudio.Evaluation.Tests;

/// <summary>As much of a JSON schema validator as the report's schema needs.</summary>
internal static class SchemaCheck
{
    private static readonly string[] Known = ["$schema", "title", "type", "properties", "required", "items", "additionalProperties", "enum", "default"];

    /// <exception cref="FormatException">The value is not as the schema says, or the schema says what is not understood here.</exception>
    public static void Check(JsonNode schema, JsonNode? value, string path)
    {
        if (schema.GetValueKind() == JsonValueKind.True) throw new FormatException($"{path}: the schema says nothing.");
        var rules = schema.AsObject();
        if (rules.Select(rule => rule.Key).Except(Known).FirstOrDefault() is { } unknown) throw new FormatException($"{path}: {unknown} is not understood.");
        if (rules["enum"] is JsonArray allowed && !allowed.Any(one => JsonNode.DeepEquals(one, value))) throw new FormatException($"{path}: {value} is not among {allowed}.");
        if (rules["type"] is { } type)
        {
            string[] types = type is JsonArray several ? [.. several.Select(t => t!.GetValue<string>())] : [type.GetValue<string>()];
            if (!types.Any(t => IsOf(t, value))) throw new FormatException($"{path}: {value?.ToJsonString() ?? "null"} is not {string.Join(" or ", types)}.");
        }

        if (value is JsonObject fields)
        {
            foreach (var required in rules["required"]?.AsArray() ?? [])
                if (!fields.ContainsKey(required!.GetValue<string>())) throw new FormatException($"{path}: {required} is missing.");
            foreach (var (name, field) in fields)
            {
                if (rules["properties"]?[name] is { } rule) Check(rule, field, $"{path}.{name}");
                else if (rules["additionalProperties"] is JsonObject rest) Check(rest, field, $"{path}.{name}");
                else throw new FormatException($"{path}.{name} is not in the schema.");
            }
        }

        if (value is JsonArray items && rules["items"] is { } each)
        {
            for (var i = 0; i < items.Count; i++) Check(each, items[i], $"{path}[{i}]");
        }
    }

    private static bool IsOf(string type, JsonNode? value) => (type, value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        ("integer", JsonValueKind.Number) => value!.GetValue<double>() % 1 == 0,
        ("number", JsonValueKind.Number) or ("string", JsonValueKind.String) or ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) => true,
        ("null", JsonValueKind.Null) or ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        _ => false,
    };
}
