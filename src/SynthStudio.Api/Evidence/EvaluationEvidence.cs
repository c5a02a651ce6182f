using System.Globalization;
using System.Text.Json.Nodes;
using SynthStudio.Api.Services;
using SynthStudio.Evidence;
using SynthStudio.Evidence.Documents;
using SynthStudio.Evidence.Facts;
using SynthStudio.Reporting;
using static SynthStudio.Reporting.ReportJson;

namespace SynthStudio.Api.Evidence;

/// <summary>
/// Reads what reports on synthetic rows measured. Of their texts only those that hold no values of the tables, and of
/// their figures what everybody may read (<see cref="ReportCounts"/>), whoever makes the pack: it is made to be shown to
/// others, auditors and outsiders among them.
/// </summary>
internal sealed class EvaluationEvidence(ObjectTexts texts)
{
    /// <summary>Parts of a report that hold figures and names of columns alone.</summary>
    private static readonly string[] Parts = ["format_version", "seed", "provenance", "outside_guarantee", "sampling", "metrics", "intervals", "ceiling", "tstr_metric", "not_measured"];

    /// <param name="source">The evaluation, or the report of a training.</param>
    /// <param name="report">The report, as JSON.</param>
    /// <param name="dataset">The real table.</param>
    /// <param name="scored">What is scored.</param>
    /// <param name="cancellation">Stops reading.</param>
    public async Task<(EvaluationFacts Facts, Attachment Attachment)> ReadAsync(
        FactSource source, ObjectRef report, string dataset, ScoredRows scored, CancellationToken cancellation)
    {
        var json = JsonNode.Parse(await texts.ReadAsync(report, cancellation))!.AsObject();
        ReportCounts.Coarsen(json);
        var facts = new EvaluationFacts
        {
            Source = source, Dataset = dataset, Scored = scored.Name, Generator = scored.Generator, ModelSha256 = scored.ModelSha256,
            Headline = json["verdict"]?["headline"]?.GetValue<string>() ?? "",
            Scores = Numbers(json["metrics"]),
            HasHoldout = json["sampling"]?["holdout_rows"] is not null,
            AttackMode = json["privacy"]?["mode"]?.GetValue<string>(),
            Tests =
            [
                .. Objects(json["privacy"]?["tests"]).Select(t => new TestFacts(
                    t["measure"]!.GetValue<string>(), t["p_value"]!.GetValue<double>(), t["is_alarm"]!.GetValue<bool>(), t["finding"]!.GetValue<string>())),
            ],
            Attacks =
            [
                .. Objects(json["privacy"]?["attacks"]).Select(a => new AttackFacts(
                    a["attack"]!.GetValue<string>(), a["variant"]!.GetValue<string>(), a["attempts"]!.GetValue<int>(), Value(a["success"]), Value(a["control"]), Value(a["risk"]),
                    a["beats_baseline"]!.GetValue<bool>())),
            ],
            NotMeasured = [.. Objects(json["not_measured"]).Select(n => $"{n["metric"]}: {n["reason"]}")],
            IsOutsideGuarantee = json["outside_guarantee"] is not null,
        };
        return (facts, new Attachment($"Evaluation {source.Resource}", source, Blocks(json, facts), Content(json)));
    }

    private static JsonObject Content(JsonObject report)
    {
        var content = new JsonObject { ["left_out"] = new JsonArray(ReportCounts.LeftOut) };
        foreach (var part in Parts.Where(p => report[p] is not null)) content[part] = report[part]!.DeepClone();
        if (report["verdict"] is JsonObject verdict)
        {
            content["verdict"] = new JsonObject
            {
                ["headline"] = verdict["headline"]?.DeepClone(),
                ["findings"] = new JsonArray([.. Objects(verdict["findings"]).Select(f => new JsonObject { ["aspect"] = f["aspect"]?.DeepClone(), ["grade"] = f["grade"]?.DeepClone() })]),
            };
        }

        if (report["privacy"] is JsonObject privacy)
        {
            content["privacy"] = new JsonObject
            {
                ["mode"] = privacy["mode"]?.DeepClone(), ["budget"] = privacy["budget"]?.DeepClone(), ["attacks"] = privacy["attacks"]?.DeepClone(), ["tests"] = privacy["tests"]?.DeepClone(),
            };
        }

        return content;
    }

    private static List<Block> Blocks(JsonObject report, EvaluationFacts facts)
    {
        var blocks = new List<Block> { new Paragraph($"Of {facts.Scored} beside {facts.Dataset}. {facts.Headline} The report itself is kept under the hash above; left out here are values of the tables, and {ReportCounts.LeftOut}.") };
        if (facts.IsOutsideGuarantee) blocks.Add(new Paragraph("Computed by looking at the training rows of a differentially private model: outside of its promise.", Tone.Bad));
        if (Objects(report["verdict"]?["findings"]).ToList() is { Count: > 0 } findings)
        {
            blocks.Add(new Heading("Verdict"));
            blocks.Add(new Table(["Question", "Grade"], [.. findings.Select(f => (IReadOnlyList<Cell>)[$"{f["aspect"]}", Grade($"{f["grade"]}")])]));
        }

        var ceiling = Numbers(report["ceiling"]);
        blocks.Add(new Heading("Scores"));
        blocks.Add(new Table(
            ["Score", "Value", "95 % interval", "Fresh real rows"],
            [
                .. facts.Scores.Select(s => (IReadOnlyList<Cell>)
                [
                    s.Key.Replace('_', ' '), Text(s.Value), report["intervals"]?[s.Key] is { } i ? $"{Text(i["low"]!.GetValue<double>())} to {Text(i["high"]!.GetValue<double>())}" : "",
                    ceiling.TryGetValue(s.Key, out var most) ? Text(most) : "",
                ]),
            ]));
        blocks.Add(new Heading("Attacks"));
        blocks.Add(facts.Attacks.Count == 0 ? new Paragraph("Not measured.", Tone.Faint) : new Table(
            ["Attack", "Attempts", "Succeeds on learned people", "On others", "Gain", ""],
            [
                .. facts.Attacks.Select(a => (IReadOnlyList<Cell>)
                [
                    $"{a.Attack.Replace('_', ' ')} ({a.Variant})", a.Attempts.ToString(CultureInfo.InvariantCulture), Text(a.Success), Text(a.Control), Text(a.Risk), a.BeatsGuessing ? "" : "does not beat guessing",
                ]),
            ]));
        if (facts.Tests.Count > 0)
        {
            blocks.Add(new Heading("Tests"));
            blocks.Add(new Table(
                ["Measure", "p", "", "Finding"],
                [
                    .. facts.Tests.Select(t => (IReadOnlyList<Cell>)
                    [
                        t.Measure.Replace('_', ' '), t.IsAlarm ? $"at most {Text(t.PValue)}" : "",
                        t.IsAlarm ? new Cell("alarm", Tone.Bad) : "no alarm", t.Finding,
                    ]),
                ]));
        }

        if (facts.NotMeasured.Count > 0)
        {
            blocks.Add(new Heading("Not measured"));
            blocks.Add(new Bullets(facts.NotMeasured));
        }

        return blocks;
    }

    private static Cell Grade(string grade) =>
        new(grade.ToLowerInvariant(), grade switch { "Good" => Tone.Good, "Fair" => Tone.Middling, "Poor" => Tone.Bad, _ => Tone.Faint });

    private static Dictionary<string, double> Numbers(JsonNode? scores) => scores is not JsonObject all ? [] : all
        .Where(s => s.Value is JsonValue value && value.TryGetValue<double>(out _))
        .ToDictionary(s => s.Key, s => s.Value!.GetValue<double>(), StringComparer.Ordinal);

    private static double Value(JsonNode? estimate) => estimate?["value"]?.GetValue<double>() ?? double.NaN;

    private static string Text(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}

/// <summary>What a report is about.</summary>
/// <param name="Name">The synthetic rows, or the generator for a report of its training.</param>
/// <param name="Generator">What drew them; empty for rows from elsewhere.</param>
/// <param name="ModelSha256">Of the model that they were drawn from; null where nobody noted it.</param>
internal sealed record ScoredRows(string Name, string Generator, string? ModelSha256);
