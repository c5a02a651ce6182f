using System.Text;

namespace SynthStudio.Evaluation.Reporting.Html;

/// <summary>The frame of a page: head, style, sections and definitions. It loads nothing and runs nothing.</summary>
internal static class Page
{
    public static string Wrap(string title, IEnumerable<(string Id, string Name, string Body)> sections, string head)
    {
        var shown = sections.Where(section => section.Body.Length > 0).ToArray();
        var page = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"/>");
        page.Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>");
        page.Append($"<title>{HtmlText.Encode(title)}</title><style>{PageStyle.Css}</style></head><body>\n<header>{head}<nav>");
        foreach (var (id, name, _) in shown)
        {
            page.Append($"<a href=\"#{id}\">{HtmlText.Encode(name)}</a>");
        }

        page.Append("<a href=\"#definitions\">Definitions</a></nav></header>\n");
        foreach (var (id, name, body) in shown)
        {
            page.Append($"<section><h2 id=\"{id}\">{HtmlText.Encode(name)}</h2>\n{body}</section>\n");
        }

        return page.Append(Definitions()).Append("</body></html>\n").ToString();
    }

    /// <summary>A table of ready-made cells; those whose header starts with # are numbers.</summary>
    public static string Table(string[] headers, IEnumerable<string[]> rows)
    {
        var table = new StringBuilder("<div class=\"scroll\"><table><thead><tr>"); // a head of its own is repeated on every page of paper
        var isNumber = Array.ConvertAll(headers, header => header.StartsWith('#'));
        for (var c = 0; c < headers.Length; c++)
        {
            table.Append(isNumber[c] ? "<th class=\"n\">" : "<th>").Append(headers[c].TrimStart('#')).Append("</th>");
        }

        table.Append("</tr></thead><tbody>");
        foreach (var row in rows)
        {
            table.Append("<tr>");
            for (var c = 0; c < row.Length; c++)
            {
                table.Append(isNumber[c] ? "<td class=\"n\">" : "<td>").Append(row[c]).Append("</td>");
            }

            table.Append("</tr>\n");
        }

        return table.Append("</tbody></table></div>").ToString();
    }

    private static string Definitions()
    {
        var list = new StringBuilder("<section><h2 id=\"definitions\">Definitions</h2><dl>");
        foreach (var (id, name, text) in Glossary.Entries)
        {
            list.Append($"<dt id=\"def-{id}\">{HtmlText.Encode(name)}</dt><dd>{HtmlText.Encode(text)}</dd>\n");
        }

        return list.Append("</dl></section>").ToString();
    }
}
