using System.Text;
using SynthStudio.Evaluation.Histograms;

namespace SynthStudio.Evaluation.Reporting.Html.Charts;

/// <summary>A column's distributions laid over each other: training as bars, synthetic as a line.</summary>
internal static class HistogramChart
{
    private const double Width = 300, Height = 110, Floor = 92;

    public static string Draw(ColumnHistogram histogram)
    {
        var bins = histogram.Train.Count;
        var most = Math.Max(1e-9, histogram.Train.Concat(histogram.Synthetic).Max());
        var step = Width / bins;
        var svg = new StringBuilder($"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"Distribution of {HtmlText.Encode(histogram.Column)}\">");
        for (var bin = 0; bin < bins; bin++)
        {
            var top = Y(histogram.Train[bin], most);
            svg.Append($"<rect class=\"real\" x=\"{HtmlText.At(bin * step)}\" y=\"{HtmlText.At(top)}\" width=\"{HtmlText.At(Math.Max(step - 0.6, 0.6))}\" height=\"{HtmlText.At(Floor - top)}\">")
                .Append($"<title>{HtmlText.Encode(BinName(histogram, bin))}: real {HtmlText.Percent(histogram.Train[bin])}, synthetic {HtmlText.Percent(histogram.Synthetic[bin])}</title></rect>");
        }

        svg.Append("<path class=\"synthetic\" d=\"M0 ").Append(HtmlText.At(Floor));
        for (var bin = 0; bin < bins; bin++)
        {
            svg.Append($"V{HtmlText.At(Y(histogram.Synthetic[bin], most))}H{HtmlText.At((bin + 1) * step)}");
        }

        svg.Append($"V{HtmlText.At(Floor)}\"/>");
        svg.Append(Label(0, "start", histogram.Labels[0])).Append(Label(Width, "end", histogram.Labels[^1]));
        return svg.Append("</svg>").ToString();
    }

    private static double Y(double share, double most) => Floor - (share / most * (Floor - 4));

    private static string Label(double x, string anchor, string text) =>
        $"<text x=\"{HtmlText.At(x)}\" y=\"105\" text-anchor=\"{anchor}\">{HtmlText.Encode(text.Length > 22 ? text[..21] + "…" : text)}</text>";

    private static string BinName(ColumnHistogram histogram, int bin) =>
        histogram.IsNumeric ? $"{histogram.Labels[bin]} to {histogram.Labels[bin + 1]}" : histogram.Labels[bin];
}
