using System.Globalization;
using System.Net;
using System.Text;

namespace SynthStudio.Evidence.Flow;

/// <summary>
/// Draws a data flow: a column a lane, real rows with a double frame and red lines, the installation in a
/// dashed frame. No style sheet, script or reference.
/// </summary>
public static class DataFlowSvg
{
    private const int BoxWidth = 168, BoxHeight = 46, Gap = 14, LaneGap = 46, Top = 64, Margin = 14;
    private const int LongestTitle = 18, LongestDetail = 26;
    private const string Ink = "#1a1a1a", Faint = "#767676", Real = "#9b1c1c";

    private static readonly string[] Heads = ["People", "Real tables", "Models", "Synthetic rows", "Records", "Outside"];

    public static string Draw(DataFlow flow)
    {
        var lanes = Enum.GetValues<Lane>();
        var byLane = lanes.ToDictionary(lane => lane, lane => flow.Nodes.Where(n => n.Lane == lane).ToList());
        var tallest = Math.Max(1, byLane.Values.Max(nodes => nodes.Count));
        var (width, height) = (2 * Margin + (lanes.Length * BoxWidth) + ((lanes.Length - 1) * LaneGap), Top + (tallest * (BoxHeight + Gap)) + 96);
        var places = new Dictionary<string, (int X, int Y)>(StringComparer.Ordinal);
        foreach (var (lane, nodes) in byLane)
        {
            for (var i = 0; i < nodes.Count; i++) places[nodes[i].Id] = (X(lane), Top + (i * (BoxHeight + Gap)));
        }

        var below = Top + (tallest * (BoxHeight + Gap));

        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"Data flow\" font-family=\"system-ui,sans-serif\">");
        svg.Append(CultureInfo.InvariantCulture, $"<defs><marker id=\"flow-to\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"{Faint}\"/></marker>");
        svg.Append(CultureInfo.InvariantCulture, $"<marker id=\"flow-real\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"{Real}\"/></marker></defs>");
        var (inside, end) = (X(Lane.Tables) - (LaneGap / 2), X(Lane.Records) + BoxWidth + (LaneGap / 2));
        svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{inside}\" y=\"8\" width=\"{end - inside}\" height=\"{height - 40}\" fill=\"none\" stroke=\"{Faint}\" stroke-dasharray=\"6 4\" rx=\"6\"/>");
        Write(svg, inside + 10, height - 44, 12, Faint, $"This installation. {flow.Store}.");
        foreach (var lane in lanes) Write(svg, X(lane), 48, 14, Ink, Heads[(int)lane], isBold: true);
        foreach (var edge in flow.Edges.OrderBy(e => e.CarriesRealRows))
            Line(svg, places[edge.From], places[edge.To], below + (edge.CarriesRealRows ? 4 : 14), edge.CarriesRealRows);
        foreach (var node in flow.Nodes) Box(svg, places[node.Id], node);
        Legend(svg, height - 12);
        return svg.Append("</svg>").ToString();
    }

    private static int X(Lane lane) => Margin + ((int)lane * (BoxWidth + LaneGap));

    private static void Box(StringBuilder svg, (int X, int Y) at, FlowNode node)
    {
        var line = node.HoldsRealRows ? Real : Ink;
        svg.Append(CultureInfo.InvariantCulture, $"<g><title>{WebUtility.HtmlEncode($"{node.Title}: {node.Detail}")}</title><rect x=\"{at.X}\" y=\"{at.Y}\" width=\"{BoxWidth}\" height=\"{BoxHeight}\" rx=\"4\" fill=\"#fff\" stroke=\"{line}\"/>");
        if (node.HoldsRealRows) svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{at.X + 3}\" y=\"{at.Y + 3}\" width=\"{BoxWidth - 6}\" height=\"{BoxHeight - 6}\" rx=\"2\" fill=\"none\" stroke=\"{line}\"/>");
        Write(svg, at.X + 10, at.Y + 20, 13, Ink, Shorten(node.Title, LongestTitle), isBold: true);
        Write(svg, at.X + 10, at.Y + 36, 11, Ink, Shorten(node.Detail, LongestDetail));
        svg.Append("</g>");
    }

    /// <param name="svg">The picture.</param>
    /// <param name="from">Box where it begins.</param>
    /// <param name="to">Box where it ends.</param>
    /// <param name="below">Height below all boxes, where lines go that pass lanes: behind boxes they would seem to go into them.</param>
    /// <param name="isReal">Whether it carries real rows.</param>
    private static void Line(StringBuilder svg, (int X, int Y) from, (int X, int Y) to, int below, bool isReal)
    {
        // Between two of the same lane, and back to the people, lines leave and arrive on the side that is nearer.
        var (startX, endX) = to.X > from.X ? (from.X + BoxWidth, to.X) : to.X < from.X ? (from.X, to.X + BoxWidth) : (from.X + BoxWidth, to.X + BoxWidth);
        var (startY, endY) = (from.Y + (BoxHeight / 2), to.Y + (BoxHeight / 2));
        var bend = to.X == from.X ? 30 : (endX - startX) / 2;
        var side = Math.Sign(endX - startX) * (isReal ? 14 : 24);
        var path = Math.Abs(to.X - from.X) > BoxWidth + LaneGap
            ? $"M{startX} {startY}H{startX + side}V{below}H{endX - side}V{endY}H{endX}"
            : $"M{startX} {startY}C{startX + bend} {startY} {(to.X == from.X ? endX + 30 : endX - bend)} {endY} {endX} {endY}";
        svg.Append(CultureInfo.InvariantCulture, $"<path d=\"{path}\" fill=\"none\" stroke=\"{(isReal ? Real : Faint)}\" stroke-width=\"{(isReal ? "1.6" : "1")}\" marker-end=\"url(#flow-{(isReal ? "real" : "to")})\"/>");
    }

    private static void Legend(StringBuilder svg, int y)
    {
        svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{Margin}\" y=\"{y - 11}\" width=\"18\" height=\"12\" fill=\"none\" stroke=\"{Real}\"/><rect x=\"{Margin + 2}\" y=\"{y - 9}\" width=\"14\" height=\"8\" fill=\"none\" stroke=\"{Real}\"/>");
        Write(svg, Margin + 26, y, 12, Ink, "double frame: holds real rows");
        svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{Margin + 230} {y - 5}h40\" stroke=\"{Real}\" stroke-width=\"1.6\" marker-end=\"url(#flow-real)\"/>");
        Write(svg, Margin + 280, y, 12, Ink, "thick: real rows go there");
        svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{Margin + 450} {y - 5}h40\" stroke=\"{Faint}\" marker-end=\"url(#flow-to)\"/>");
        Write(svg, Margin + 500, y, 12, Ink, "thin: no real rows");
    }

    private static void Write(StringBuilder svg, int x, int y, int size, string colour, string text, bool isBold = false) => svg.Append(
        CultureInfo.InvariantCulture, $"<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{colour}\"{(isBold ? " font-weight=\"600\"" : "")}>{WebUtility.HtmlEncode(text)}</text>");

    private static string Shorten(string text, int longest) => text.Length <= longest ? text : text[..(longest - 1)] + "…";
}
