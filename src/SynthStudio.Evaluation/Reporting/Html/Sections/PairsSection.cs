using System.Text;
using SynthStudio.Evaluation.Reporting.Html.Charts;

namespace SynthStudio.Evaluation.Reporting.Html.Sections;

/// <summary>How columns hang together: heat maps of real, synthetic and difference, and the worst pairs.</summary>
internal static class PairsSection
{
    private const int MostColumns = 40;
    private const int WorstPairs = 15;

    public static string Render(EvaluationReport report)
    {
        var pairs = report.Pairs.Where(pair => pair.Association is not null).ToArray();
        if (pairs.Length == 0)
        {
            return "";
        }

        var worst = pairs.OrderBy(pair => pair.TrendShared).Take(WorstPairs);
        return HeatMaps(report, pairs) + "<h3>The worst pairs</h3>" + Page.Table(
            ["First", "Second", "#" + HtmlText.Term("Trend, shared bins", "trend"), "#" + HtmlText.Term("QA accuracy", "qa"), "#" + HtmlText.Term("Association, real", "association"), "#Association, synthetic"],
            worst.Select(pair => new[]
            {
                HtmlText.Encode(pair.First), HtmlText.Encode(pair.Second), HtmlText.Number(pair.TrendShared), HtmlText.Number(pair.QaAccuracy),
                HtmlText.Number(pair.Association), HtmlText.Number(pair.SyntheticAssociation),
            }));
    }

    private static string HeatMaps(EvaluationReport report, PairScores[] pairs)
    {
        var names = report.Columns.Select(column => column.Name).ToArray();
        var html = new StringBuilder();
        if (names.Length > MostColumns)
        {
            // The columns of the pairs that differ most.
            var telling = pairs.OrderByDescending(Difference).SelectMany(pair => new[] { pair.First, pair.Second }).Distinct().Take(MostColumns).ToHashSet();
            html.Append($"<p>The {MostColumns} of {names.Length} columns whose pairs differ most.</p>");
            names = [.. names.Where(telling.Contains)];
        }

        var of = pairs
            .SelectMany(pair => new[] { ((pair.First, pair.Second), pair), ((pair.Second, pair.First), pair) })
            .ToDictionary(entry => entry.Item1, entry => entry.pair);
        double? At(int row, int column, Func<PairScores, double?> value) =>
            of.TryGetValue((names[row], names[column]), out var pair) ? value(pair) : null;
        html.Append($"<p>{HtmlText.Term("Association", "association")}: blue together, orange against each other, white nothing. Columns from top to bottom and left to right: {HtmlText.Encode(string.Join(", ", names))}.</p><div class=\"heats\">");
        html.Append(HeatMap.Draw("Real", names, (row, column) => At(row, column, pair => pair.Association), false));
        html.Append(HeatMap.Draw("Synthetic", names, (row, column) => At(row, column, pair => pair.SyntheticAssociation), false));
        html.Append(HeatMap.Draw("Difference (full red: a half or more)", names, (row, column) => At(row, column, pair => Difference(pair)), true));
        return html.Append("</div>").ToString();
    }

    private static double Difference(PairScores pair) => Math.Abs(pair.Association!.Value - (pair.SyntheticAssociation ?? 0));
}
