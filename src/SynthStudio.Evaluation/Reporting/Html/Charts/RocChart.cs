using System.Text;

namespace SynthStudio.Evaluation.Reporting.Html.Charts;

/// <summary>ROC curves, one a table, beside the diagonal of a coin's toss.</summary>
internal static class RocChart
{
    private const double Size = 240, Left = 34, Top = 6;

    /// <param name="curves">A name, a style class, and the share recognised at even steps of the share mistaken.</param>
    public static string Draw(IReadOnlyList<(string Name, string Style, IReadOnlyList<double> Curve)> curves)
    {
        var svg = new StringBuilder($"<svg class=\"roc\" viewBox=\"0 0 {Left + Size + 18} {Top + Size + 34}\" role=\"img\" aria-label=\"ROC of detection\">");
        svg.Append($"<rect class=\"frame\" x=\"{Left}\" y=\"{Top}\" width=\"{Size}\" height=\"{Size}\"/>");
        svg.Append($"<path class=\"diagonal\" d=\"M{Left} {Top + Size}L{Left + Size} {Top}\"/>");
        foreach (var (name, style, curve) in curves)
        {
            svg.Append($"<path class=\"{style}\" d=\"M");
            for (var i = 0; i < curve.Count; i++)
            {
                svg.Append(i > 0 ? "L" : "")
                    .Append(HtmlText.At(Left + (Size * i / (curve.Count - 1))))
                    .Append(' ').Append(HtmlText.At(Top + (Size * (1 - curve[i]))));
            }

            svg.Append($"\"><title>{HtmlText.Encode(name)}</title></path>");
        }

        svg.Append($"<text x=\"{Left + (Size / 2)}\" y=\"{Top + Size + 28}\" text-anchor=\"middle\">real rows mistaken for synthetic</text>");
        svg.Append($"<text transform=\"translate(11 {Top + (Size / 2)}) rotate(-90)\" text-anchor=\"middle\">synthetic rows recognised</text>");
        foreach (var tick in new[] { 0, 0.5, 1 })
        {
            svg.Append($"<text x=\"{HtmlText.At(Left + (Size * tick))}\" y=\"{Top + Size + 14}\" text-anchor=\"middle\">{100 * tick:0} %</text>");
        }

        return svg.Append("</svg>").ToString();
    }
}
