using System.Text.Json.Nodes;

namespace SynthStudio.Assistant.Facts;

/// <summary>Stored facts with ids, by which sentences say what they rest on.</summary>
public sealed class FactSheet
{
    private readonly List<QuotableFact> _facts = [];
    private readonly Dictionary<string, QuotableFact> _byId = new(StringComparer.Ordinal);

    public IReadOnlyList<QuotableFact> All => _facts;

    public QuotableFact? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>Adds a fact under the next id.</summary>
    public void Add(string name, string value, string source, params IReadOnlyList<string> bearsOn)
    {
        var fact = new QuotableFact($"F{_facts.Count + 1}", name, value, source, bearsOn);
        _facts.Add(fact);
        _byId.Add(fact.Id, fact);
    }

    /// <summary>Adds each text, number and flag of sections of names and values, but for some.</summary>
    public void AddAll(JsonObject sections, string source, IReadOnlySet<string> except)
    {
        foreach (var (section, rows) in sections)
        {
            foreach (var (name, value) in rows as JsonObject ?? [])
            {
                if (value is JsonValue && !except.Contains($"{section}.{name}")) Add($"{section}.{name}", value.ToString(), source);
            }
        }
    }

    /// <summary>The facts as a model reads them.</summary>
    internal JsonArray ToJson() => [.. _facts.Select(fact =>
    {
        var told = new JsonObject { ["id"] = fact.Id, ["name"] = fact.Name, ["value"] = fact.Value };
        if (fact.BearsOn.Count > 0) told["bears_on"] = new JsonArray([.. fact.BearsOn.Select(place => (JsonNode)place)]);
        return (JsonNode)told;
    })];
}
