using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SynthStudio.Api.Services;
using SynthStudio.Assistant.Facts;
using SynthStudio.Catalog;
using SynthStudio.Evidence.Controls;
using SynthStudio.Evidence.Sealing;

namespace SynthStudio.Api.Assistant;

/// <summary>
/// All that a compliance narrative may tell: what an evidence pack says of controls, as it was when the pack was made. Of each control how
/// it stands, of each question to the facts what was found and what is missing, and what is left to people; nothing else of the pack leaves
/// for a language model, and no names of people.
/// </summary>
internal sealed partial class PackFacts(ObjectTexts texts)
{
    private const string Somebody = "users/…";

    /// <param name="pack">The pack.</param>
    /// <param name="framework">Only what it says of this law or standard; null for all of them.</param>
    /// <param name="cancellation">Stops reading.</param>
    public async Task<FactSheet> ReadAsync(EvidencePackRecord pack, Framework? framework, CancellationToken cancellation)
    {
        // A fact bears on several controls, and is one fact all the same.
        var found = new OrderedDictionary<(string Name, string Value, string Source), List<string>>();
        var read = JsonNode.Parse(await texts.ReadAsync(pack.Files[nameof(EvidenceFormat.Json)], cancellation));
        foreach (var law in List(read?["frameworks"]).Where(law => framework is null || Text(law["id"]) == framework.Id))
        {
            foreach (var control in List(law["controls"]))
            {
                string[] places = [Text(law["title"]), Text(control["reference"])];
                Add("standing", $"{Text(control["title"])}: {Text(control["standing"]).Replace('_', ' ')}", pack.Name, places);
                foreach (var finding in List(control["findings"]))
                {
                    foreach (var fact in List(finding["facts"])) Add(Text(finding["query"]), Text(fact["statement"]), Text(fact["source"]?["resource"]), places);
                    if (Text(finding["gap"]) is { Length: > 0 } gap) Add($"{Text(finding["query"])}.missing", gap, pack.Name, places);
                }

                foreach (var question in control["open_questions"] as JsonArray ?? []) Add("left_to_people", Text(question), pack.Name, places);
            }
        }

        var facts = new FactSheet();
        foreach (var ((name, value, source), places) in found) facts.Add(name, value, source, [.. places.Distinct(StringComparer.Ordinal)]);
        return facts;

        void Add(string name, string value, string source, string[] places)
        {
            var key = (name, People().Replace(value, Somebody), source);
            if (!found.TryGetValue(key, out var known)) found.Add(key, known = []);
            known.AddRange(places);
        }
    }

    private static IEnumerable<JsonObject> List(JsonNode? items) => (items as JsonArray)?.OfType<JsonObject>() ?? [];

    private static string Text(JsonNode? text) => text?.GetValue<string>() ?? "";

    [GeneratedRegex("users/[A-Za-z0-9_-]+")]
    private static partial Regex People();
}
