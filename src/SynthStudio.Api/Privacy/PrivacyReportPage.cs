using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace SynthStudio.Api.Privacy;

/// <summary>The report as one HTML page: no scripts, nothing loaded from elsewhere, every text escaped.</summary>
internal static class PrivacyReportPage
{
    private const string Style =
        "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}"
        + "table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}th,td{border-bottom:1px solid #ccc;padding:.35rem .6rem;text-align:left;vertical-align:top}"
        + "h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem}.met{color:#14632c}.partly{color:#7a5200}.open{color:#9b1c1c}";

    public static string Write(JsonObject report)
    {
        var page = new StringBuilder();
        page.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>Privacy report of ")
            .Append(Text(report["generator"])).Append("</title><style>").Append(Style).Append("</style></head><body><h1>Privacy report</h1>");
        page.Append("<p>").Append(Text(report["generator"])).Append(", learned from ").Append(Text(report["dataset"])).Append(" by ").Append(Text(report["method"]))
            .Append(", written ").Append(Text(report["written"])).Append("</p>");
        if (report["promise"] is JsonObject promise) Promise(page, report, promise);
        else List(page, "No differential privacy", report["outside"]);
        Table(page, "Ledger", report["ledger"]!["populations"]!, ["population", "budget_epsilon", "budget_delta", "spent_epsilon", "private_releases", "non_private_releases"]);
        return page.Append("</body></html>").ToString();
    }

    private static void Promise(StringBuilder page, JsonObject report, JsonObject promise)
    {
        page.Append("<h2>The promise</h2><p>Epsilon <strong>").Append(Number(promise["epsilon"])).Append("</strong> at delta <strong>")
            .Append(Number(promise["delta"])).Append("</strong>. Unit: ").Append(Text(promise["unit"])).Append(", at most ")
            .Append(Text(promise["max_rows_per_unit"])).Append(" rows of one. Neighbouring tables: ").Append(Text(promise["neighbouring"])).Append(".</p>");
        Table(page, "Epsilon at other deltas", report["epsilon_at_delta"]!, ["delta", "epsilon"]);
        Table(page, "What an attacker can reach at most, who knows every other row", report["attacker"]!, ["false_positive_rate", "true_positive_rate"]);
        page.Append("<h2>Events</h2><pre>").Append(WebUtility.HtmlEncode(report["events"]!.ToJsonString())).Append("</pre>");
        List(page, "Declared by the owner", report["declared"]);
        List(page, "Bought from the budget", report["bought"]);
        List(page, "Outside of the promise", report["outside"]);
        page.Append("<h2>Drawing rows</h2><p>").Append(Text(report["drawing_rows"])).Append("</p>");
        Table(page, $"Hazards of {report["hazards_source"]}", report["hazards"]!, ["hazard", "status", "evidence"]);
        Table(page, "What can be shown to regulators", report["regulations"]!, ["regime", "statement", "evidence"]);
        page.Append("<p>").Append(Text(report["regulations_disclaimer"])).Append("</p>");
    }

    private static void Table(StringBuilder page, string title, JsonNode rows, string[] columns)
    {
        page.Append("<h2>").Append(WebUtility.HtmlEncode(title)).Append("</h2><table><thead><tr>");
        foreach (var column in columns) page.Append("<th scope=\"col\">").Append(WebUtility.HtmlEncode(column.Replace('_', ' '))).Append("</th>");
        page.Append("</tr></thead><tbody>");
        foreach (var row in rows.AsArray())
        {
            page.Append("<tr>");
            foreach (var column in columns) Cell(page, column, row![column]);
            page.Append("</tr>");
        }

        page.Append("</tbody></table>");
    }

    private static void Cell(StringBuilder page, string column, JsonNode? value)
    {
        page.Append(column == "status" ? $"<td class=\"{Text(value)}\">" : "<td>");
        page.Append(value switch
        {
            JsonArray list => WebUtility.HtmlEncode(string.Join("; ", list.Select(v => v!.ToString()))),
            _ => Number(value),
        }).Append("</td>");
    }

    private static void List(StringBuilder page, string title, JsonNode? texts)
    {
        page.Append("<h2>").Append(WebUtility.HtmlEncode(title)).Append("</h2><ul>");
        foreach (var text in texts?.AsArray() ?? []) page.Append("<li>").Append(Text(text)).Append("</li>");
        page.Append("</ul>");
    }

    private static string Text(JsonNode? value) => WebUtility.HtmlEncode(value?.ToString() ?? "");

    private static string Number(JsonNode? value) =>
        value is JsonValue number && number.TryGetValue<double>(out var figure) ? figure.ToString("G6", CultureInfo.InvariantCulture) : Text(value);
}
