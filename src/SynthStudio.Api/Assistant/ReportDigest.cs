using System.Text.Json;
using System.Text.Json.Nodes;
using SynthStudio.Reporting;
using static SynthStudio.Reporting.ReportJson;

namespace SynthStudio.Api.Assistant;

/// <summary>
/// What a language model is told of a report: its figures, and the names that they stand for. Groups, values and words of the report
/// stay here, and counts are told in fives.
/// </summary>
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
            if (JsonNode.Parse(reportJson) is not JsonObject report) return null;
            ReportCounts.Coarsen(report);
            return Of(report);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonObject Of(JsonObject report)
    {
        var digest = new JsonObject();
        foreach (var section in Figures) digest[section] = Numbers(report[section]);
        var intervals = new JsonObject();
        foreach (var (name, interval) in report["intervals"] as JsonObject ?? []) intervals[name] = Numbers(interval, "low", "high");
        digest["intervals"] = intervals;
        digest["grades"] = new JsonObject(Objects(report["verdict"]?["findings"])
            .Select(f => KeyValuePair.Create<string, JsonNode?>(Text(f, "aspect"), Text(f, "grade"))).DistinctBy(f => f.Key, StringComparer.Ordinal));
        digest["not_measured"] = new JsonArray([.. Objects(report["not_measured"]).Select(n => (JsonNode?)Text(n, "metric"))]);
        digest["columns"] = new JsonArray([.. Objects(report["columns"]).Take(MostColumns).Select(column =>
        {
            var shown = Numbers(column, ColumnFigures);
            shown["name"] = Text(column, "name");
            shown["kind"] = Text(column, "kind");
            return (JsonNode)shown;
        })]);
        return digest;
    }

    /// <summary>The numbers among an object's fields; with names, only those of these names.</summary>
    private static JsonObject Numbers(JsonNode? item, params string[] names) => new((item as JsonObject ?? [])
        .Where(field => field.Value?.GetValueKind() == JsonValueKind.Number && (names.Length == 0 || names.Contains(field.Key)))
        .Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));
}
