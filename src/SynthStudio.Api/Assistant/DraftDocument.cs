using SynthStudio.Assistant.Facts;
using SynthStudio.Assistant.Tasks;
using SynthStudio.Evidence.Documents;

namespace SynthStudio.Api.Assistant;

/// <summary>A draft laid out for people: the ids of facts behind each sentence, how many sentences are left out, and the facts at its end.</summary>
internal static class DraftDocument
{
    public static Document Of(string title, Draft draft, FactSheet facts) => new(
        title,
        [
            new Section("", [new Paragraph("Drafted by a language model from stored facts; each sentence names those it rests on. Read it against them.")]),
            .. draft.Sections.Select(section => new Section(section.Heading, [new Paragraph(string.Join(' ', section.Sentences.Select(s => $"{s.Text} [{string.Join(", ", s.Facts)}]")))])),
            .. draft.Rejected.Count == 0
                ? Array.Empty<Section>()
                : [new Section("", [new Paragraph($"{draft.Rejected.Count} sentences of the model did not pass the check against the facts and are left out.")])],
            new Section("Facts",
            [
                new Table(
                    ["id", "what", "stored", "of", "bears on"],
                    [.. facts.All.Select(fact => (IReadOnlyList<Cell>)[fact.Id, fact.Name, fact.Value, fact.Source, string.Join("; ", fact.BearsOn)])]),
            ]),
        ]);
}
