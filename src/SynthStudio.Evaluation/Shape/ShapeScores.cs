using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Shape;

/// <summary>How alike one column's distribution is in two tables: one minus the Kolmogorov-Smirnov statistic, or the total variation distance.</summary>
internal static class ShapeScores
{
    /// <summary>The score of each column.</summary>
    public static double[] Between(EncodedTable left, EncodedTable right) =>
        [.. Enumerable.Range(0, left.Columns.Count).Select(column => left.Columns[column].IsNumeric
            ? OfNumbers(left.SortedNumbers(column), right.SortedNumbers(column))
            : OfCategories(left, right, column))];

    /// <param name="left">Ascending.</param>
    /// <param name="right">Ascending.</param>
    public static double OfNumbers(double[] left, double[] right) => left.Length == 0 || right.Length == 0
        ? WhenEmpty(left.Length, right.Length)
        : 1 - KolmogorovSmirnov.Statistic(left, right);

    public static double OfCategories(EncodedTable left, EncodedTable right, int column)
    {
        var (mine, theirs) = (Present(left, column), Present(right, column));
        return mine.Codes.Length == 0 || theirs.Codes.Length == 0
            ? WhenEmpty(mine.Codes.Length, theirs.Codes.Length)
            : 1 - Contingency.TotalVariation(mine, theirs);
    }

    /// <summary>Adds what rows add to a column's score.</summary>
    public static void AddInfluence(Influence influence, EncodedTable left, EncodedTable right, int column, int seed)
    {
        if (left.Columns[column].IsNumeric)
        {
            var (mine, theirs) = (left.SortedNumbers(column), right.SortedNumbers(column));
            if (mine.Length > 0 && theirs.Length > 0)
            {
                var both = new TwoDistributions(mine, theirs);
                both.AddTo(influence, both.WeightsOfGreatest(seed), -1, left.Numbers(column), right.Numbers(column));
                return;
            }
        }
        else if (Present(left, column) is { Codes.Length: > 0 } mine && Present(right, column) is { Codes.Length: > 0 } theirs)
        {
            // Missing values are left out: a row without one has no influence, the others that much more.
            var (counts, others) = (Contingency.Count(mine), Contingency.Count(theirs));
            double n = mine.Codes.Length, m = theirs.Codes.Length;
            double[] slopes = [.. counts.Zip(others, (p, q) => -Influence.Slope((p / n) - (q / m), Influence.ShareDeviation(p / n, q / m, n, m)) / 2)];
            influence.Add(Of(left.Codes(column), counts, n, 1), Of(right.Codes(column), others, m, -1));

            Func<int, double> Of(int[] codes, int[] sums, double present, int sign)
            {
                var mean = slopes.Zip(sums, (slope, count) => slope * count / present).Sum();
                return row => codes[row] == EncodedTable.MissingCode ? 0 : sign * codes.Length / present * (slopes[codes[row]] - mean);
            }

            return;
        }

        influence.Add(_ => 0, _ => 0);
    }

    private static double WhenEmpty(int left, int right) => left == right ? 1 : 0;

    private static BinnedColumn Present(EncodedTable table, int column) =>
        new(Array.FindAll(table.Codes(column), code => code != EncodedTable.MissingCode), table.Columns[column].Categories.Length);
}
