using System.Text.Json;
using System.Text.Json.Nodes;
using SynthStudio.Reporting;

namespace SynthStudio.Api.Assistant;

/// <summary>What a language model is told of a report: its figures, and the names that they stand for. Groups, values and words of the report stay here, and counts are told in fives.</summary>
internal static class ReportDigest
{
    private const int MostColumns = 200;

    private static readonly string[] Figures = ["metrics", "ceiling", "sampling"];
    private static readonly string[] ColumnFigures = ["shape", "shape_ceiling", "qa_accuracy", "detection_share", "wasserstein", "jensen_shannon"];

    /// <summary>The digest; null when the text is no report.</summary>
    public static JsonObject? Of(string reportJson)
    {
        try
        {
            if (JsonNode.Parse(reportJson) is not JsonObject whole) return null;
            ReportCounts.Coarsen(whole);
            using var report = JsonDocument.Parse(whole.ToJsonString());
            return Of(report.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonObject Of(JsonElement report)
    {
        var digest = new JsonObject();
        foreach (var section in Figures) digest[section] = Numbers(report, section);
        var intervals = new JsonObject();
        foreach (var interval in Properties(report, "intervals")) intervals[interval.Name] = Numbers(interval.Value, ["low", "high"]);
        digest["intervals"] = intervals;
        digest["grades"] = new JsonObject(Objects(report, "verdict", "findings")
            .Select(f => KeyValuePair.Create<string, JsonNode?>(Text(f, "aspect"), Text(f, "grade"))).DistinctBy(f => f.Key, StringComparer.Ordinal));
        digest["not_measured"] = new JsonArray([.. Objects(report, "not_measured").Select(n => (JsonNode?)Text(n, "metric"))]);
        digest["columns"] = new JsonArray([.. Objects(report, "columns").Take(MostColumns).Select(column =>
        {
            var shown = Numbers(column, ColumnFigures);
            shown["name"] = Text(column, "name");
            shown["kind"] = Text(column, "kind");
            return (JsonNode)shown;
        })]);
        return digest;
    }

    private static JsonObject Numbers(JsonElement report, string section)
    {
        var numbers = new JsonObject();
        foreach (var figure in Properties(report, section).Where(f => f.Value.ValueKind == JsonValueKind.Number)) numbers[figure.Name] = figure.Value.GetDouble();
        return numbers;
    }

    private static JsonObject Numbers(JsonElement item, string[] names)
    {
        var numbers = new JsonObject();
        foreach (var name in names)
        {
            if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number) numbers[name] = value.GetDouble();
        }

        return numbers;
    }

    private static JsonProperty[] Properties(JsonElement item, string name) =>
        item.TryGetProperty(name, out var inner) && inner.ValueKind == JsonValueKind.Object ? [.. inner.EnumerateObject()] : [];

    private static IEnumerable<JsonElement> Objects(JsonElement item, params string[] path)
    {
        foreach (var name in path)
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty(name, out item)) return [];
        }

        return item.ValueKind == JsonValueKind.Array ? item.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Object) : [];
    }

    private static string Text(JsonElement item, string name) => item.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
}
