using System.Globalization;
using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Statistics;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Histograms;

/// <summary>
/// Distributions to be drawn: numbers in 24 bins between training's 0.5 % and 99.5 % quantiles, categories by themselves while they are
/// among the twelve most frequent of five rows at least. Neither shows a single person's value.
/// </summary>
internal sealed class HistogramMetric(EvaluationContext context)
{
    private const int Bins = 24;
    private const int MostCategories = 12;
    private const int FewestRows = 5;
    private const double Tail = 0.005;

    public IReadOnlyList<ColumnHistogram> Measure()
    {
        var histograms = new ColumnHistogram[context.Columns.Count];
        Parallel.For(0, histograms.Length, context.Parallelism, column =>
            histograms[column] = context.Columns[column].IsNumeric ? OfNumbers(column) : OfCategories(column));
        return histograms;
    }

    private ColumnHistogram OfNumbers(int column)
    {
        var sorted = context.Train.SortedNumbers(column);
        var (low, high) = sorted.Length == 0 ? (0.0, 1.0) : (sorted[(int)(Tail * (sorted.Length - 1))], sorted[(int)((1 - Tail) * (sorted.Length - 1))]);
        var whole = sorted.Length > 0 && Array.TrueForAll(sorted, double.IsInteger);

        // Whole numbers of a small range have a bin each; none straddles a whole number, which would look like waves.
        var (start, width) = !whole ? (low, (high - low) / Bins) : (low - 0.5, Math.Max(1, Math.Ceiling((high - low + 1) / Bins)));
        width = width > 0 ? width : 1;
        var bins = whole ? (int)Math.Ceiling((high - low + 1) / width) : Bins;
        double[] edges = [.. Enumerable.Range(0, bins + 1).Select(i => start + (i * width))];
        return Lay(column, true, [.. edges.Select(edge => Label(context.Columns[column].Schema.Kind, whole ? edge + 0.5 : edge))], bins, table => Array.ConvertAll(
            table.Numbers(column), value => double.IsNaN(value) ? -1 : (int)Math.Clamp(Math.Floor((value - start) / width), 0, bins - 1)));
    }

    private ColumnHistogram OfCategories(int column)
    {
        var counts = new int[context.Columns[column].Categories.Length];
        foreach (var code in context.Train.Codes(column).Where(code => code != EncodedTable.MissingCode))
        {
            counts[code]++;
        }

        var shown = Enumerable.Range(0, counts.Length).Where(code => counts[code] >= FewestRows).OrderByDescending(code => counts[code]).Take(MostCategories).ToArray();
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
            (labels, train, synthetic, holdout) = (labels[..^1], train[..^1], synthetic[..^1], holdout?[..^1]); // there are no others
        }

        return new ColumnHistogram(context.Columns[column].Name, isNumeric, labels, train, synthetic, holdout, missingTrain, missingSynthetic);
    }

    private static (double[] Shares, double Missing) Shares(int[] codes, int bins)
    {
        var counts = Contingency.Count(new BinnedColumn(Array.ConvertAll(codes, code => code + 1), bins + 1));
        return (Array.ConvertAll(counts[1..], count => (double)count / codes.Length), (double)counts[0] / codes.Length);
    }

    private static string Label(ColumnKind kind, double edge) => kind switch
    {
        ColumnKind.DateTime or ColumnKind.Date => edge is > -6e10 and < 2.5e11
            ? DateTime.UnixEpoch.AddSeconds(edge).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : edge.ToString("G6", CultureInfo.InvariantCulture),
        _ => edge.ToString("G6", CultureInfo.InvariantCulture),
    };
}
