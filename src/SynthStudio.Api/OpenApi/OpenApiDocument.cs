using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace SynthStudio.Api.OpenApi;

/// <summary>The JSON side of the API as an OpenAPI 3.1 document, made from the protos and the rules of who may call what.</summary>
internal static class OpenApiDocument
{
    private static readonly Lazy<byte[]> Bytes = new(() => JsonSerializer.SerializeToUtf8Bytes(Build(), OpenApiJson.Default.JsonObject));

    /// <summary>Serves it; for everybody, as the protos are.</summary>
    public static IResult Get(HttpContext http)
    {
        http.Response.Headers.CacheControl = "public, max-age=300";
        return Results.Bytes(Bytes.Value, "application/json");
    }

    /// <summary>Every service with its methods, in the order of their names.</summary>
    internal static IReadOnlyList<ServiceDescriptor> Services { get; } =
    [
        .. typeof(V1.Job).Assembly.GetTypes()
            .Select(type => type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static))
            .Where(property => property?.PropertyType == typeof(FileDescriptor))
            .SelectMany(property => ((FileDescriptor)property!.GetValue(null)!).Services)
            .OrderBy(service => service.Name, StringComparer.Ordinal),
    ];

    internal static JsonObject Build()
    {
        var comments = ProtoComments.Load();
        var schemas = new MessageSchemas(comments);
        var paths = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var method in Services.SelectMany(service => service.Methods))
        {
            foreach (var (binding, number) in HttpBinding.Of(method).Select((binding, number) => (binding, number)))
            {
                if (!paths.TryGetValue(binding.Path, out var operations)) paths[binding.Path] = operations = [];
                operations[binding.Verb] = new Operation(method, binding, comments, schemas).ToJson(number);
            }
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "SynthStudio", ["version"] = typeof(OpenApiDocument).Assembly.GetName().Version!.ToString(3),
                ["description"] = "Private synthetic data: upload a table, train a generator, draw rows, see how alike and how safe they are. The same API as gRPC and gRPC-Web.",
            },
            ["tags"] = new JsonArray([.. Services.Select(service => new JsonObject { ["name"] = Operation.TagOf(service), ["description"] = comments.Of(service) })]),
            ["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }, new JsonObject { ["apiKey"] = new JsonArray() }),
            ["paths"] = new JsonObject([.. paths.Select(path => KeyValuePair.Create<string, JsonNode?>(path.Key, path.Value))]),
            ["components"] = new JsonObject
            {
                ["schemas"] = WithStatus(schemas.ToJson()),
                ["securitySchemes"] = new JsonObject
                {
                    ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "An API key, or a token made from one." },
                    ["apiKey"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "x-api-key" },
                },
            },
        };
    }

    private static JsonObject WithStatus(JsonObject schemas)
    {
        schemas[Operation.Error] = new JsonObject
        {
            ["type"] = "object", ["description"] = "An error (google.rpc.Status). One of the details is always a google.rpc.ErrorInfo with a reason that stays the same.",
            ["properties"] = new JsonObject
            {
                ["code"] = new JsonObject { ["type"] = "integer", ["description"] = "The status code of gRPC." },
                ["message"] = new JsonObject { ["type"] = "string", ["description"] = "What is wrong and what to do, for people." },
                ["details"] = new JsonObject
                {
                    ["type"] = "array",
                    ["items"] = new JsonObject
                    {
                        ["type"] = "object", ["required"] = new JsonArray("@type"), ["properties"] = new JsonObject { ["@type"] = new JsonObject { ["type"] = "string" } },
                    },
                },
            },
        };
        return schemas;
    }
}
