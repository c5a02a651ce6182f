using System.Text.Json;
using System.Text.Json.Nodes;
using SynthStudio.Reporting;
using static SynthStudio.Reporting.ReportJson;

namespace SynthStudio.Api.Services;

/// <summary>
/// What of a report is for those whom the data policy does not name: no distributions and groups of columns that name persons, may tell them apart, or are
/// sensitive, no crowds of real people, nor how many of them share what others may know of a synthetic row. Of the others, as of all that
/// is counted of people, nothing tells of fewer than five (<see cref="ReportCounts"/>). <c>left_out</c> says what was left out.
/// </summary>
internal static class ReportGuard
{
    private static readonly string[] OfPeople = ["smallest_map", "maps_to_one_share", "maps_to_few_share"];

    /// <summary>The guarded report, which keeps the schema of reports.</summary>
    /// <param name="json">The report as the worker wrote it, of any version.</param>
    /// <param name="cut">What is left out.</param>
    /// <exception cref="JsonException">The text is no report.</exception>
    public static string Guard(string json, ReportCut cut)
    {
        var report = JsonNode.Parse(json) as JsonObject ?? throw new JsonException("The text is not a report.");
        ReportCounts.Coarsen(report);
        var columns = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var part in (string[])["histograms", "subgroups"])
        {
            if (report[part] is null) continue;
            var items = Objects(report[part]).ToLookup(item => cut.IsTelling(Text(item, "column")));
            report[part] = new JsonArray([.. items[false].Select(item => item.DeepClone())]);
            columns.UnionWith(items[true].Select(item => Text(item, "column")));
        }

        foreach (var parity in Objects(report["fairness"]).Where(parity => cut.IsTelling(Text(parity, "column")) || cut.IsTelling(Text(parity, "target"))))
        {
            columns.Add(Text(parity, "column"));
            CutReasons(report, parity);
            parity["groups"] = new JsonArray();
            parity["favoured"] = null;
        }

        var left = new JsonArray();
        if (columns.Count > 0) left.Add($"distributions and groups of {string.Join(", ", columns)}");
        if (CutCrowds(report["privacy"] as JsonObject, cut)) left.Add("crowds of real people, and how many of them synthetic rows map to");
        left.Add(ReportCounts.LeftOut);
        report["left_out"] = left;
        return report.ToJsonString();
    }

    /// <summary>A verdict's reason may name the value of the target whose rate is compared.</summary>
    private static void CutReasons(JsonObject report, JsonObject parity)
    {
        if (Text(parity, "favoured") is not { Length: > 0 } value) return;
        foreach (var finding in Objects(report["verdict"]?["findings"]).Where(f => Text(f, "reason").Contains($"{Text(parity, "target")} = {value}", StringComparison.Ordinal)))
        {
            finding["reason"] = "The groups that it is about are left out here.";
        }
    }

    private static bool CutCrowds(JsonObject? privacy, ReportCut cut)
    {
        if (privacy?["anonymity"] is not JsonObject crowds) return false;
        if (cut.IsOfUpload || crowds["synthetic"] is not JsonObject synthetic)
        {
            privacy["anonymity"] = null;
            return true;
        }

        crowds["holdout"] = null;
        foreach (var figure in OfPeople) synthetic[figure] = null;
        return true;
    }
}
