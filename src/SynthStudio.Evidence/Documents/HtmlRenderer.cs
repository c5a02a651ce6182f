using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace SynthStudio.Evidence.Documents;

/// <summary>
/// A document as one HTML page: no scripts, nothing loaded from elsewhere, every text escaped, and a content security policy that forbids all but its
/// own style sheet. It prints on A4 and Letter with headings that stay with what they head.
/// </summary>
public static class HtmlRenderer
{
    private const string Style =
        "@page{margin:18mm 16mm}body{font:1rem/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}"
        + "h1{font-size:1.7rem;line-height:1.2}h2{font-size:1.3rem;margin-top:2.5rem;border-bottom:2px solid #1a1a1a;padding-bottom:.2rem}h3{font-size:1.05rem;margin:1.8rem 0 .3rem}"
        + "h1,h2,h3{break-after:avoid}table{border-collapse:collapse;width:100%;margin:.5rem 0 1.2rem;font-size:.9rem}"
        + "th,td{border-bottom:1px solid #ccc;padding:.35rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}thead th{border-bottom:2px solid #888}tr{break-inside:avoid}thead{display:table-header-group}"
        + "tbody th{width:16rem;font-weight:600}p.note{border-left:4px solid #888;padding:.3rem .8rem;background:#f5f5f5}p.good{border-color:#14632c}p.middling{border-color:#7a5200}p.bad{border-color:#9b1c1c}"
        + ".good{color:#14632c}.middling{color:#7a5200}.bad{color:#9b1c1c}.faint{color:#595959}p.note{color:#1a1a1a}"
        + ".badge{font-size:.8rem;font-weight:600;border:1px solid currentColor;border-radius:.25rem;padding:.05rem .4rem;margin-left:.5rem;white-space:nowrap}"
        + "ul.open{list-style:none;padding-left:0}ul.open li{border:1px dashed #888;padding:.4rem .6rem 3rem;margin:.4rem 0;break-inside:avoid}figure{margin:1rem 0;break-inside:avoid}figure svg{width:100%;height:auto}"
        + "figcaption{font-size:.85rem;color:#595959}pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.8rem;background:#f5f5f5;padding:.6rem}"
        + "@media print{html{font-size:10.5px}body{max-width:none;margin:0;padding:0;font-size:1rem}ul.open li{padding-bottom:2rem}}";

    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; base-uri 'none'; form-action 'none'";

    public static string Render(Document document)
    {
        var page = new StringBuilder("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"").Append(Policy)
            .Append("\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>").Append(Text(document.Title)).Append("</title><style>").Append(Style)
            .Append("</style></head><body><h1>").Append(Text(document.Title)).Append("</h1>\n");
        foreach (var section in document.Sections)
        {
            if (section.Title.Length > 0) page.Append("<h2>").Append(Text(section.Title)).Append("</h2>\n");
            foreach (var block in section.Blocks) Write(page, block);
        }

        return page.Append("</body></html>\n").ToString();
    }

    private static void Write(StringBuilder page, Block block)
    {
        switch (block)
        {
            case Heading heading:
                page.Append("<h3>").Append(Text(heading.Text));
                if (heading.Badge is { } badge) page.Append(" <span class=\"badge").Append(Class(badge.Tone, " ")).Append("\">").Append(Text(badge.Text)).Append("</span>");
                page.Append("</h3>\n");
                break;
            case Paragraph paragraph:
                page.Append(paragraph.Tone is Tone.Plain ? "<p>" : paragraph.Tone is Tone.Faint ? "<p class=\"faint\">" : $"<p class=\"note{Class(paragraph.Tone, " ")}\">")
                    .Append(Text(paragraph.Text)).Append("</p>\n");
                break;
            case Bullets bullets:
                page.Append(bullets.IsToFillIn ? "<ul class=\"open\">" : "<ul>");
                foreach (var item in bullets.Items) page.Append("<li>").Append(Text(item)).Append("</li>");
                page.Append("</ul>\n");
                break;
            case Table table:
                Write(page, table);
                break;
            case Figure figure:
                page.Append("<figure>").Append(figure.Svg).Append("<figcaption>").Append(Text(figure.Caption)).Append("</figcaption></figure>\n");
                break;
            case Code code:
                page.Append("<pre>").Append(Text(code.Text)).Append("</pre>\n");
                break;
            default:
                throw new ArgumentException($"There is no HTML of a {block.GetType().Name}.", nameof(block));
        }
    }

    private static void Write(StringBuilder page, Table table)
    {
        page.Append("<table>");
        foreach (var width in table.Widths ?? []) page.Append(CultureInfo.InvariantCulture, $"<col width=\"{width}%\">");
        if (table.Columns.Count > 0)
        {
            page.Append("<thead><tr>");
            foreach (var column in table.Columns) page.Append("<th scope=\"col\">").Append(Text(column)).Append("</th>");
            page.Append("</tr></thead>");
        }

        page.Append("<tbody>");
        foreach (var row in table.Rows)
        {
            page.Append("<tr>");
            for (var i = 0; i < row.Count; i++)
            {
                var isName = i == 0 && table.Columns.Count == 0;
                page.Append(isName ? "<th scope=\"row\">" : row[i].Tone == Tone.Plain ? "<td>" : $"<td class=\"{Class(row[i].Tone, "")}\">").Append(Text(row[i].Text)).Append(isName ? "</th>" : "</td>");
            }

            page.Append("</tr>\n");
        }

        page.Append("</tbody></table>\n");
    }

    private static string Class(Tone tone, string before) => tone == Tone.Plain ? "" : before + tone.ToString().ToLowerInvariant();

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
