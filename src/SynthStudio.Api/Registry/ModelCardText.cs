using System.Text.Json.Nodes;
using SynthStudio.Evidence.Documents;

namespace SynthStudio.Api.Registry;

/// <summary>Lays a model card out for people.</summary>
internal static class ModelCardText
{
    public static string Markdown(JsonObject card) => MarkdownRenderer.Render(Document(card));

    public static string Html(JsonObject card) => HtmlRenderer.Render(Document(card));

    /// <summary>The same in another document.</summary>
    public static IReadOnlyList<Block> Blocks(JsonObject card) =>
        [.. Document(card).Sections.SelectMany(s => (IEnumerable<Block>)[new Heading(s.Title), .. s.Blocks])];

    private static Document Document(JsonObject card) => new(
        $"Model card of {card["generator"]!["name"]!.GetValue<string>()}",
        [
            .. card.Select(section => new Section(
                Heading(section.Key),
                [Table.OfNames(section.Value!.AsObject().Select(row => (Words(row.Key), Value(row.Value))))])),
        ]);

    private static string Heading(string name) => char.ToUpperInvariant(name[0]) + Words(name)[1..];

    private static string Words(string name) => name.Replace('_', ' ');

    private static string Value(JsonNode? value) => value?.ToString() is { Length: > 0 } text ? text : ModelCards.NotStored;
}
