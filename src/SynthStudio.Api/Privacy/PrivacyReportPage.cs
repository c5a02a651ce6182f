using System.Globalization;
using System.Text.Json.Nodes;
using SynthStudio.Evidence.Documents;

namespace SynthStudio.Api.Privacy;

/// <summary>Lays a privacy report out for people.</summary>
internal static class PrivacyReportPage
{
    private const string DeclaredTitle = "Declared by the owner";

    public static string Write(JsonObject report) => HtmlRenderer.Render(new Document("Privacy report", Sections(report)));

    /// <summary>What stands in other documents: all but what the owner declared, which may name categories.</summary>
    public static IReadOnlyList<Block> Blocks(JsonObject report) =>
        [.. Sections(report).Where(s => s.Title != DeclaredTitle).SelectMany(s => s.Title.Length > 0 ? [new Heading(s.Title), .. s.Blocks] : s.Blocks)];

    private static IReadOnlyList<Section> Sections(JsonObject report) => report["no_data"] is { } noData
        ? [new("", [new Paragraph($"{Text(report["generator"])}, made by {Text(report["method"])}, written {Text(report["written"])}"), new Paragraph(Text(noData))])]
        : SectionsOfData(report);

    private static IReadOnlyList<Section> SectionsOfData(JsonObject report) =>
    [
        new("", [new Paragraph($"{Text(report["generator"])}, learned from {Text(report["dataset"])} by {Text(report["method"])}, written {Text(report["written"])}")]),
        .. report["promise"] is JsonObject promise ? Promise(report, promise) : [List("No differential privacy", report["outside"])],
        new("Ledger", [Rows(report["ledger"]!["populations"]!, ["population", "budget_epsilon", "budget_delta", "spent_epsilon", "private_releases", "non_private_releases"])]),
    ];

    private static IReadOnlyList<Section> Promise(JsonObject report, JsonObject promise) =>
    [
        new("The promise",
        [
            new Paragraph(
                $"Epsilon {Number(promise["epsilon"])} at delta {Number(promise["delta"])}. Unit: {Text(promise["unit"])}, at most {Text(promise["max_rows_per_unit"])} rows of one. "
                + $"Neighbouring tables: {Text(promise["neighbouring"])}."),
        ]),
        new("Epsilon at other deltas", [Rows(report["epsilon_at_delta"]!, ["delta", "epsilon"])]),
        new("What an attacker can reach at most, who knows every other row", [Rows(report["attacker"]!, ["false_positive_rate", "true_positive_rate"])]),
        new("Events", [new Code(report["events"]!.ToJsonString())]),
        List(DeclaredTitle, report["declared"]),
        List("Bought from the budget", report["bought"]),
        List("Outside of the promise", report["outside"]),
        new("Drawing rows", [new Paragraph(Text(report["drawing_rows"]))]),
        new($"Hazards of {report["hazards_source"]}", [Rows(report["hazards"]!, ["hazard", "status", "evidence"])]),
        new("What can be shown to regulators", [Rows(report["regulations"]!, ["regime", "statement", "evidence"]), new Paragraph(Text(report["regulations_disclaimer"]), Tone.Faint)]),
    ];

    private static Table Rows(JsonNode rows, string[] columns) =>
        new([.. columns.Select(c => c.Replace('_', ' '))], [.. rows.AsArray().Select(row => (IReadOnlyList<Cell>)[.. columns.Select(c => Cell(c, row![c]))])]);

    private static Cell Cell(string column, JsonNode? value) => new(
        value is JsonArray list ? string.Join("; ", list.Select(v => v!.ToString())) : Number(value),
        column != "status" ? Tone.Plain : Text(value) switch { "met" => Tone.Good, "partly" => Tone.Middling, _ => Tone.Bad });

    private static Section List(string title, JsonNode? texts) => new(title, [new Bullets([.. texts?.AsArray().Select(Text) ?? []])]);

    private static string Text(JsonNode? value) => value?.ToString() ?? "";

    private static string Number(JsonNode? value) =>
        value is JsonValue number && number.TryGetValue<double>(out var figure) ? figure.ToString("G6", CultureInfo.InvariantCulture) : Text(value);
}
