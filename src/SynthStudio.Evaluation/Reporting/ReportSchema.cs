using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;

namespace SynthStudio.Evaluation.Reporting;

/// <summary>The JSON schema of reports, which is published as <c>report.schema.json</c> beside this library's project.</summary>
public static class ReportSchema
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema of what <see cref="EvaluationReport.ToJson"/> writes, indented.</summary>
    public static string ToJson()
    {
        var schema = (JsonObject)ReportJson.Default.EvaluationReport.GetJsonSchemaAsNode(new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => context.TypeInfo.Type switch
            {
                // Numbers are written by a converter of ours, which the exporter cannot look into.
                var type when type == typeof(double) => new JsonObject { ["type"] = "number" },
                var type when type == typeof(double?) => new JsonObject { ["type"] = new JsonArray("number", "null") },
                var type when type == typeof(IReadOnlyDictionary<string, double>) => With(node, "additionalProperties", new JsonObject { ["type"] = "number" }),
                _ => node,
            },
        });
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "SynthStudio evaluation report, format version 1");
        return schema.ToJsonString(Indented) + "\n";
    }

    private static JsonNode With(JsonNode node, string rule, JsonObject value)
    {
        node[rule] = value;
        return node;
    }
}
