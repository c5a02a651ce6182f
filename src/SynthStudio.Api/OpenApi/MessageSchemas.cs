using System.Text.Json.Nodes;
using Google.Api;
using Google.Protobuf.Collections;
using Google.Protobuf.Reflection;

namespace SynthStudio.Api.OpenApi;

/// <summary>JSON schemas of messages as the JSON mapping of protocol buffers writes them; those that were asked for, and what they refer to.</summary>
internal sealed class MessageSchemas(ProtoComments comments)
{
    private const string Prefix = "#/components/schemas/";

    private readonly SortedDictionary<string, JsonObject> _schemas = new(StringComparer.Ordinal);

    /// <summary>All schemas so far, by name.</summary>
    public JsonObject ToJson() => new([.. _schemas.Select(schema => KeyValuePair.Create<string, JsonNode?>(schema.Key, schema.Value))]);

    /// <summary>A schema of a field's values, with what the proto says about it.</summary>
    public JsonObject OfField(FieldDescriptor field)
    {
        JsonObject schema;
        if (field.IsMap)
        {
            schema = new JsonObject { ["type"] = "object", ["additionalProperties"] = OfValue(field.MessageType.FindFieldByNumber(2)) };
        }
        else
        {
            schema = field.IsRepeated ? new JsonObject { ["type"] = "array", ["items"] = OfValue(field) } : OfValue(field);
        }

        if (comments.Of(field) is { Length: > 0 } text) schema["description"] = text;
        if (Behaviours(field).Contains(FieldBehavior.OutputOnly)) schema["readOnly"] = true;
        return schema;
    }

    /// <summary>A schema of a message: a reference, except for those with a form of their own.</summary>
    public JsonObject Of(MessageDescriptor message) => message.FullName switch
    {
        "google.protobuf.Timestamp" => new JsonObject { ["type"] = "string", ["format"] = "date-time" },
        "google.protobuf.Duration" => new JsonObject { ["type"] = "string", ["pattern"] = @"^-?[0-9]+(\.[0-9]{1,9})?s$" },
        "google.protobuf.FieldMask" => new JsonObject { ["type"] = "string", ["examples"] = new JsonArray("displayName,labels") },
        "google.protobuf.Struct" or "google.protobuf.Empty" => new JsonObject { ["type"] = "object" },
        "google.protobuf.Value" => [],
        "google.api.HttpBody" => new JsonObject { ["type"] = "string", ["format"] = "binary" },
        _ when message.File.Package.StartsWith("synthstudio", StringComparison.Ordinal) => Reference(message),
        _ => throw new NotSupportedException($"{message.FullName} has no JSON schema here: add one."),
    };

    private static RepeatedField<FieldBehavior> Behaviours(FieldDescriptor field) =>
        field.GetOptions()?.GetExtension(FieldBehaviorExtensions.FieldBehavior) ?? [];

    private JsonObject OfValue(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Bool => new JsonObject { ["type"] = "boolean" },
        FieldType.String => new JsonObject { ["type"] = "string" },
        FieldType.Bytes => new JsonObject { ["type"] = "string", ["contentEncoding"] = "base64" },
        FieldType.Double or FieldType.Float => new JsonObject { ["type"] = new JsonArray("number", "string"), ["description"] = "A number, or NaN, Infinity, -Infinity as text." },
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => new JsonObject { ["type"] = "integer", ["format"] = "int32" },
        FieldType.UInt32 or FieldType.Fixed32 => new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = uint.MaxValue },
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => new JsonObject { ["type"] = "string", ["format"] = "int64", ["pattern"] = "^-?[0-9]+$" },
        FieldType.UInt64 or FieldType.Fixed64 => new JsonObject { ["type"] = "string", ["format"] = "uint64", ["pattern"] = "^[0-9]+$" },
        FieldType.Enum => Reference(field.EnumType),
        _ => Of(field.MessageType),
    };

    private JsonObject Reference(EnumDescriptor constants)
    {
        if (!_schemas.ContainsKey(constants.Name))
        {
            _schemas[constants.Name] = Described(constants, new JsonObject
            {
                ["type"] = "string", ["enum"] = new JsonArray([.. constants.Values.Select(value => JsonValue.Create(value.Name))]),
            });
        }

        return new JsonObject { ["$ref"] = Prefix + constants.Name };
    }

    private JsonObject Reference(MessageDescriptor message)
    {
        var name = NameOf(message);
        if (!_schemas.ContainsKey(name))
        {
            var schema = Described(message, new JsonObject { ["type"] = "object" });
            _schemas[name] = schema; // Before its fields: a message may hold itself.
            var fields = message.Fields.InDeclarationOrder();
            schema["properties"] = new JsonObject([.. fields.Select(field => KeyValuePair.Create<string, JsonNode?>(field.JsonName, OfField(field)))]);
            var required = fields.Where(field => Behaviours(field).Contains(FieldBehavior.Required)).ToList();
            if (required.Count > 0) schema["required"] = new JsonArray([.. required.Select(field => JsonValue.Create(field.JsonName))]);
        }

        return new JsonObject { ["$ref"] = Prefix + name };
    }

    /// <summary>The name within its package: messages inside of others have both names.</summary>
    private static string NameOf(MessageDescriptor message) => message.FullName[(message.File.Package.Length + 1)..].Replace('.', '_');

    private JsonObject Described(IDescriptor descriptor, JsonObject schema)
    {
        if (comments.Of(descriptor) is { Length: > 0 } text) schema["description"] = text;
        return schema;
    }
}
