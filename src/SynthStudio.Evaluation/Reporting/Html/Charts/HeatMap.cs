using System.Text;

namespace SynthStudio.Evaluation.Reporting.Html.Charts;

/// <summary>A square of coloured cells, one a pair of columns.</summary>
internal static class HeatMap
{
    private const double Size = 300, Margin = 4, LabelWidth = 96;

    /// <summary>Of more columns labels could not be read and tooltips would make the page large.</summary>
    private const int MostLabels = 24;

    /// <param name="title">Stands above.</param>
    /// <param name="names">The columns.</param>
    /// <param name="value">The value of a pair, -1 to 1; null leaves the cell empty.</param>
    /// <param name="isDifference">Whether only the size counts, drawn in a warning colour that saturates at a half.</param>
    public static string Draw(string title, IReadOnlyList<string> names, Func<int, int, double?> value, bool isDifference)
    {
        var isLabelled = names.Count <= MostLabels;
        var (cell, left) = (Size / names.Count, isLabelled ? LabelWidth : Margin);
        var svg = new StringBuilder($"<figure><figcaption>{HtmlText.Encode(title)}</figcaption><svg class=\"heat\" viewBox=\"0 0 {left + Size + Margin} {Size + Margin}\" role=\"img\" aria-label=\"{HtmlText.Encode(title)}\">");
        for (var row = 0; row < names.Count; row++)
        {
            svg.Append(isLabelled ? $"<text x=\"{left - 3}\" y=\"{HtmlText.At(((row + 0.5) * cell) + 3)}\" text-anchor=\"end\">{HtmlText.Encode(Short(names[row]))}</text>" : "");
            for (var column = 0; column < names.Count; column++)
            {
                if (row != column && value(row, column) is { } shown)
                {
                    svg.Append($"<rect x=\"{HtmlText.At(left + (column * cell))}\" y=\"{HtmlText.At(row * cell)}\" width=\"{HtmlText.At(cell)}\" height=\"{HtmlText.At(cell)}\" fill=\"{Colour(shown, isDifference)}\">")
                        .Append(isLabelled ? $"<title>{HtmlText.Encode(names[row])}, {HtmlText.Encode(names[column])}: {HtmlText.Number(shown)}</title>" : "").Append("</rect>");
                }
            }
        }

        return svg.Append("</svg></figure>").ToString();
    }

    private static string Short(string name) => name.Length <= 17 ? name : name[..16] + "…";

    /// <summary>White at 0; blue for positive, orange for negative values; differences towards red.</summary>
    private static string Colour(double value, bool isDifference)
    {
        var strength = Math.Clamp(isDifference ? 2 * Math.Abs(value) : Math.Abs(value), 0, 1);
        var (r, g, b) = isDifference ? (178, 24, 43) : value >= 0 ? (5, 80, 160) : (200, 100, 0);
        int Mix(int full) => (int)Math.Round(255 + (strength * (full - 255)));
        return $"#{Mix(r):x2}{Mix(g):x2}{Mix(b):x2}";
    }
}
