using System.Text;

namespace SynthStudio.Evidence.Documents;

/// <summary>A document as Markdown (CommonMark with tables); every text escaped, pictures in words.</summary>
public static class MarkdownRenderer
{
    public static string Render(Document document)
    {
        var text = new StringBuilder($"# {Escape(document.Title)}\n");
        foreach (var section in document.Sections)
        {
            if (section.Title.Length > 0) text.Append("\n## ").Append(Escape(section.Title)).Append('\n');
            foreach (var block in section.Blocks) Write(text, block);
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, Block block)
    {
        text.Append('\n');
        switch (block)
        {
            case Heading heading:
                text.Append("### ").Append(Escape(heading.Text)).Append(heading.Badge is { } badge ? $" ({Escape(badge.Text)})" : "").Append('\n');
                break;
            case Paragraph paragraph:
                text.Append(paragraph.Tone is Tone.Plain or Tone.Faint ? "" : "> ").Append(Escape(paragraph.Text)).Append('\n');
                break;
            case Bullets bullets:
                foreach (var item in bullets.Items) text.Append("- ").Append(Escape(item)).Append(bullets.IsToFillIn ? "\n\n  Answer:\n" : "\n");
                break;
            case Table table:
                var columns = table.Columns.Count > 0 ? table.Columns : ["", ""];
                text.Append("| ").AppendJoin(" | ", columns.Select(Escape)).Append(" |\n|").Append(string.Concat(columns.Select(_ => "---|"))).Append('\n');
                foreach (var row in table.Rows) text.Append("| ").AppendJoin(" | ", row.Select(cell => Escape(cell.Text))).Append(" |\n");
                break;
            case Figure figure:
                text.Append(Escape(figure.Caption)).Append("\n\n");
                foreach (var line in figure.Lines) text.Append("- ").Append(Escape(line)).Append('\n');
                break;
            case Code code:
                text.Append("```\n").Append(code.Text.Replace("```", "` ` `", StringComparison.Ordinal)).Append("\n```\n");
                break;
            default:
                throw new ArgumentException($"There is no Markdown of a {block.GetType().Name}.", nameof(block));
        }
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text.ReplaceLineEndings(" "))
        {
            if (c is '\\' or '`' or '*' or '_' or '&' or '[' or ']' or '<' or '>' or '|' or '#' or '!') escaped.Append('\\');
            escaped.Append(c);
        }

        return escaped.ToString();
    }
}
