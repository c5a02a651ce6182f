using System.Text;
using SynthStudio.Assistant.Facts;
using SynthStudio.Assistant.Tasks;

namespace SynthStudio.Api.Assistant;

/// <summary>A draft as Markdown: the ids of facts behind each sentence, the facts at its end, and how many sentences are left out.</summary>
internal static class DocumentText
{
    public static string Markdown(string title, Draft draft, FactSheet facts)
    {
        var text = new StringBuilder($"# {title}\n\nDrafted by a language model from stored facts; each sentence names those it rests on. Read it against them.\n");
        foreach (var section in draft.Sections)
        {
            if (section.Heading.Length > 0) text.Append($"\n## {Escape(section.Heading)}\n");
            text.Append('\n');
            foreach (var sentence in section.Sentences) text.Append($"{Escape(sentence.Text)} \\[{string.Join(", ", sentence.Facts)}\\]\n");
        }

        if (draft.Rejected.Count > 0) text.Append($"\n{draft.Rejected.Count} sentences of the model did not pass the check against the facts and are left out.\n");
        text.Append("\n## Facts\n\n| id | what | stored | of |\n|---|---|---|---|\n");
        foreach (var fact in facts.All) text.Append($"| {fact.Id} | {Escape(fact.Name)} | {Escape(fact.Value)} | {Escape(fact.Source)} |\n");
        return text.ToString();
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text.ReplaceLineEndings(" "))
        {
            if (c is '\\' or '`' or '*' or '_' or '[' or ']' or '<' or '>' or '|' or '#' or '!') escaped.Append('\\');
            escaped.Append(c);
        }

        return escaped.ToString();
    }
}
