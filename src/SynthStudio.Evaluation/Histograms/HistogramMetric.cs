using System.Globalization;
using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Statistics;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Histograms;

/// <summary>
/// Distributions to be drawn: numbers in at most 25 bins of a round grid, whose ends hold the outer 0.5 % of training and at least five rows each; categories
/// by themselves while they are among the twelve most frequent of five training rows at least. Edges are multiples of a round width, not values of rows, and
/// shares are those of counts rounded to five rows, in all tables, as also the synthetic one may turn out to be real.
/// </summary>
internal sealed class HistogramMetric(EvaluationContext context)
{
    private const int Bins = 24;
    private const int MostCategories = 12;
    private const double Tail = 0.005;
    private const double SecondsOfDay = 86400;
    private static readonly int[] Steps = [1, 2, 5, 10];

    public IReadOnlyList<ColumnHistogram> Measure()
    {
        var histograms = new ColumnHistogram?[context.Columns.Count];
        Parallel.For(0, histograms.Length, context.Parallelism, column =>
            histograms[column] = context.Columns[column].IsNumeric ? OfNumbers(column) : OfCategories(column));
        foreach (var column in Enumerable.Range(0, histograms.Length).Where(column => histograms[column] is null))
        {
            context.Skip($"histograms [{context.Columns[column].Name}]", $"fewer than {2 * FewRows.Least} training rows have a number");
        }

        return [.. histograms.OfType<ColumnHistogram>()];
    }

    private ColumnHistogram? OfNumbers(int column)
    {
        var sorted = context.Train.SortedNumbers(column);
        if (sorted.Length < 2 * FewRows.Least) return null;
        var beyond = Math.Max(FewRows.Least - 1, (int)(Tail * (sorted.Length - 1)));
        var (low, high) = (sorted[beyond], sorted[^(beyond + 1)]);
        var width = Width((high / Bins) - (low / Bins), context.Columns[column].Schema.Kind);
        if (Array.TrueForAll(sorted, double.IsInteger)) width = Math.Max(1, width);
        var first = Math.Floor(low / width);
        var bins = (int)(Math.Floor(high / width) - first) + 1;
        string[] labels = [.. Enumerable.Range(0, bins + 1).Select(i => Label(context.Columns[column].Schema.Kind, (first + i) * width))];
        return Lay(column, true, labels, bins, table => Array.ConvertAll(
            table.Numbers(column), value => double.IsNaN(value) ? -1 : (int)Math.Clamp(Math.Floor(value / width) - first, 0, bins - 1)));
    }

    /// <summary>The least of 1, 2, 5, 10 and so on, also of whole days, that is no less; 1 where all values are alike.</summary>
    private static double Width(double least, ColumnKind kind)
    {
        if (!double.IsNormal(least)) return 1;
        var unit = kind is ColumnKind.DateTime or ColumnKind.Date && least > SecondsOfDay ? SecondsOfDay : 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10(least / unit)));
        return unit * power * Steps.First(step => step * power * (1 + 1e-9) >= least / unit);
    }

    private ColumnHistogram OfCategories(int column)
    {
        var counts = new int[context.Columns[column].Categories.Length];
        foreach (var code in context.Train.Codes(column).Where(code => code != EncodedTable.MissingCode))
        {
            counts[code]++;
        }

        var shown = Enumerable.Range(0, counts.Length)
            .Where(code => counts[code] >= FewRows.Least)
            .OrderByDescending(code => counts[code])
            .Take(MostCategories)
            .ToArray();
        var binOfCode = new int[counts.Length];
        Array.Fill(binOfCode, shown.Length);
        for (var bin = 0; bin < shown.Length; bin++)
        {
            binOfCode[shown[bin]] = bin;
        }

        return Lay(column, false, [.. shown.Select(code => context.Columns[column].Categories[code]), "(others)"], shown.Length + 1, table =>
            Array.ConvertAll(table.Codes(column), code => code == EncodedTable.MissingCode ? -1 : binOfCode[code]));
    }

    private ColumnHistogram Lay(int column, bool isNumeric, string[] labels, int bins, Func<EncodedTable, int[]> binsOf)
    {
        var (train, missingTrain) = Shares(binsOf(context.Train), bins);
        var (synthetic, missingSynthetic) = Shares(binsOf(context.Tables.Synthetic), bins);
        var holdout = context.Tables.Holdout is { } table ? Shares(binsOf(table), bins).Shares : null;
        if (!isNumeric && bins > 1 && train[^1] + synthetic[^1] + (holdout?[^1] ?? 0) == 0)
        {
            (labels, train, synthetic, holdout) = (labels[..^1], train[..^1], synthetic[..^1], holdout?[..^1]); // no others that could be told
        }

        return new ColumnHistogram(context.Columns[column].Name, isNumeric, labels, train, synthetic, holdout, missingTrain, missingSynthetic);
    }

    private static (double[] Shares, double Missing) Shares(int[] codes, int bins)
    {
        var counts = Contingency.Count(new BinnedColumn(Array.ConvertAll(codes, code => code + 1), bins + 1));
        return (Array.ConvertAll(counts[1..], count => FewRows.Share(count, codes.Length)), FewRows.Share(counts[0], codes.Length));
    }

    private static string Label(ColumnKind kind, double edge) => kind switch
    {
        ColumnKind.DateTime or ColumnKind.Date => edge is > -6e10 and < 2.5e11
            ? DateTime.UnixEpoch.AddSeconds(edge).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : edge.ToString("G6", CultureInfo.InvariantCulture),
        _ => edge.ToString("G6", CultureInfo.InvariantCulture),
    };
}
