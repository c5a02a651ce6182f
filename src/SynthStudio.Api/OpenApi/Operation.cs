using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;
using SynthStudio.Api.Authorization;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace SynthStudio.Api.OpenApi;

/// <summary>One way to call a method.</summary>
internal sealed class Operation(MethodDescriptor method, HttpBinding binding, ProtoComments comments, MessageSchemas schemas)
{
    /// <summary>Name of the schema of errors.</summary>
    public const string Error = "Status";

    private const string Json = "application/json";
    private const string HttpBody = "google.api.HttpBody";

    /// <summary>The service as people call it.</summary>
    public static string TagOf(ServiceDescriptor service) => service.Name[..^"Service".Length];

    /// <param name="number">0 for a method's first binding.</param>
    public JsonObject ToJson(int number)
    {
        var operation = new JsonObject
        {
            ["operationId"] = $"{TagOf(method.Service)}_{method.Name}{(number > 0 ? number.ToString(System.Globalization.CultureInfo.InvariantCulture) : "")}",
            ["tags"] = new JsonArray(TagOf(method.Service)),
            ["summary"] = comments.Of(method),
        };
        if (RpcRules.ByMethod[$"/{method.Service.FullName}/{method.Name}"].Audience == Audience.Public) operation["security"] = new JsonArray();
        var parameters = new JsonArray([.. PathParameters().Concat(QueryParameters())]);
        if (parameters.Count > 0) operation["parameters"] = parameters;
        if (binding.Body.Length > 0) operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Body() };
        operation["responses"] = new JsonObject
        {
            ["200"] = Answer(),
            ["default"] = new JsonObject { ["description"] = "What was wrong.", ["content"] = Content(Json, new JsonObject { ["$ref"] = $"#/components/schemas/{Error}" }) },
        };
        return operation;
    }

    private static JsonObject Content(string mediaType, JsonObject schema) => new() { [mediaType] = new JsonObject { ["schema"] = schema } };

    private IEnumerable<JsonObject> PathParameters() => binding.Ids.Select(id => new JsonObject
    {
        ["name"] = id.Id, ["in"] = "path", ["required"] = true,
        ["schema"] = new JsonObject { ["type"] = "string" },
    });

    /// <summary>What is neither in the path nor in the body.</summary>
    private IEnumerable<JsonObject> QueryParameters() => binding.Body == "*"
        ? []
        : method.InputType.Fields.InDeclarationOrder().Where(field => field.Name != binding.Body).SelectMany(field => QueryParameters(field, "", ""));

    private IEnumerable<JsonObject> QueryParameters(FieldDescriptor field, string prefix, string jsonPrefix)
    {
        var name = prefix + field.Name;
        if (binding.Ids.Any(id => id.Field == name)) return [];
        if (field.FieldType == FieldType.Message && !field.IsMap && field.MessageType.File.Package.StartsWith("synthstudio", StringComparison.Ordinal))
        {
            return field.IsRepeated ? [] : field.MessageType.Fields.InDeclarationOrder().SelectMany(inner => QueryParameters(inner, $"{name}.", $"{jsonPrefix}{field.JsonName}."));
        }

        return field.IsMap ? [] : [new JsonObject { ["name"] = jsonPrefix + field.JsonName, ["in"] = "query", ["schema"] = schemas.OfField(field) }];
    }

    private JsonObject Body()
    {
        if (binding.Body == "*") return Content(Json, schemas.Of(method.InputType));
        var field = method.InputType.FindFieldByName(binding.Body);
        return field.FieldType == FieldType.Message && field.MessageType.FullName == HttpBody
            ? Content("application/octet-stream", schemas.Of(field.MessageType))
            : Content(Json, schemas.OfField(field));
    }

    private JsonObject Answer()
    {
        var isBytes = method.OutputType.FullName == HttpBody;
        var description = isBytes ? "The bytes, with their own media type." : method.IsServerStreaming ? "A stream: one JSON object a line." : "Done.";
        return new JsonObject { ["description"] = description, ["content"] = Content(isBytes ? "*/*" : Json, schemas.Of(method.OutputType)) };
    }
}
