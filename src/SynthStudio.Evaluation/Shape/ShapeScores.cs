using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Shape;

/// <summary>How alike one column's distribution is in two tables: one minus the Kolmogorov-Smirnov statistic, or the total variation distance.</summary>
internal static class ShapeScores
{
    /// <summary>The score of each column.</summary>
    public static double[] Between(EncodedTable left, EncodedTable right) =>
        [.. Enumerable.Range(0, left.Columns.Count).Select(column => left.Columns[column].IsNumeric
            ? OfNumbers(Sorted(left, column), Sorted(right, column))
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

    /// <summary>The numbers of a column that are not missing, ascending.</summary>
    public static double[] Sorted(EncodedTable table, int column)
    {
        var values = table.PresentNumbers(column);
        Array.Sort(values);
        return values;
    }

    private static double WhenEmpty(int left, int right) => left == right ? 1 : 0;

    private static BinnedColumn Present(EncodedTable table, int column) =>
        new(Array.FindAll(table.Codes(column), code => code != EncodedTable.MissingCode), table.Columns[column].Categories.Length);
}
