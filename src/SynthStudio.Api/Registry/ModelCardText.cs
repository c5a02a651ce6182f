using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace SynthStudio.Api.Registry;

/// <summary>A model card for people: Markdown, or one HTML page without scripts that loads nothing; every text escaped.</summary>
internal static class ModelCardText
{
    private const string Style =
        "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}"
        + "th,td{border-bottom:1px solid #ccc;padding:.35rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}th{width:16rem}h2{font-size:1.2rem}";

    public static string Markdown(JsonObject card)
    {
        var text = new StringBuilder($"# Model card of {Escape(Title(card))}\n");
        foreach (var (section, rows) in card)
        {
            text.Append($"\n## {Heading(section)}\n\n| | |\n|---|---|\n");
            foreach (var (name, value) in rows!.AsObject()) text.Append($"| {Escape(Words(name))} | {Escape(Value(value))} |\n");
        }

        return text.ToString();
    }

    public static string Html(JsonObject card)
    {
        var page = new StringBuilder("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Model card of ")
            .Append(WebUtility.HtmlEncode(Title(card))).Append("</title><style>").Append(Style).Append("</style></head><body><h1>Model card of ")
            .Append(WebUtility.HtmlEncode(Title(card))).Append("</h1>");
        foreach (var (section, rows) in card)
        {
            page.Append("<h2>").Append(WebUtility.HtmlEncode(Heading(section))).Append("</h2><table>");
            foreach (var (name, value) in rows!.AsObject())
                page.Append("<tr><th scope=\"row\">").Append(WebUtility.HtmlEncode(Words(name))).Append("</th><td>").Append(WebUtility.HtmlEncode(Value(value))).Append("</td></tr>");
            page.Append("</table>");
        }

        return page.Append("</body></html>").ToString();
    }

    private static string Title(JsonObject card) => card["generator"]!["name"]!.GetValue<string>();

    private static string Heading(string name) => char.ToUpperInvariant(name[0]) + Words(name)[1..];

    private static string Words(string name) => name.Replace('_', ' ');

    private static string Value(JsonNode? value) => value?.ToString() is { Length: > 0 } text ? text : ModelCards.NotStored;

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text.ReplaceLineEndings(" "))
        {
            if (c is '\\' or '`' or '*' or '[' or ']' or '<' or '>' or '|' or '#' or '!') escaped.Append('\\');
            escaped.Append(c);
        }

        return escaped.ToString();
    }
}
