using SynthStudio.Evaluation.Encoding;

namespace SynthStudio.Evaluation.Distance;

/// <summary>
/// Rows ready for Gower's distance, summed over columns: |x - y| over the training range for numbers, 1 if one is missing, 0 if both are;
/// 1 for different categories, missing being one.
/// </summary>
internal sealed class GowerRows
{
    // Far outside any range, but safe to subtract.
    private const double Farthest = 1e30;

    /// <param name="table">The rows.</param>
    /// <param name="scales">Training's range of each numerical column.</param>
    /// <param name="only">The columns that count; null for all.</param>
    public GowerRows(EncodedTable table, NumberScale[] scales, IReadOnlyCollection<int>? only = null)
    {
        RowCount = table.RowCount;
        var columns = only ?? [.. Enumerable.Range(0, table.Columns.Count)];
        Categories = [.. columns.Where(c => !table.Columns[c].IsNumeric).Select(c => Array.ConvertAll(table.Codes(c), code => (float)code))];
        Numbers =
        [
            .. columns.Where(c => table.Columns[c].IsNumeric).Select(c =>
                Array.ConvertAll(table.Numbers(c), value => Math.Clamp(scales[c].Scale(value), -Farthest, Farthest))),
        ];
    }

    public int RowCount { get; }

    /// <summary>Category codes column by column; as floats they compare in the same registers as numbers.</summary>
    public float[][] Categories { get; }

    /// <summary>Numbers as fractions of the training range, column by column; NaN is missing.</summary>
    public double[][] Numbers { get; }

    /// <summary>The distance of row <paramref name="x"/> of <paramref name="left"/> and row <paramref name="y"/> of <paramref name="right"/>.</summary>
    public static double Distance(GowerRows left, int x, GowerRows right, int y)
    {
        var sum = 0.0;
        for (var c = 0; c < left.Categories.Length; c++)
        {
            sum += left.Categories[c][x] == right.Categories[c][y] ? 0 : 1;
        }

        for (var c = 0; c < left.Numbers.Length; c++)
        {
            var difference = Math.Abs(left.Numbers[c][x] - right.Numbers[c][y]);
            var bothMissing = double.IsNaN(left.Numbers[c][x]) && double.IsNaN(right.Numbers[c][y]);
            sum += !double.IsNaN(difference) ? difference : bothMissing ? 0 : 1;
        }

        return sum;
    }
}
