using System.Runtime.InteropServices;

namespace SynthStudio.Evaluation.Statistics;

/// <summary>Counts of bins and of pairs of bins, and what follows from them.</summary>
internal static class Contingency
{
    /// <summary>Tables of more cells are counted in a dictionary.</summary>
    private const int LargestDenseTable = 4_000_000;

    /// <summary>How often each bin occurs.</summary>
    public static int[] Count(BinnedColumn column)
    {
        var counts = new int[column.Size];
        foreach (var code in column.Codes)
        {
            counts[code]++;
        }

        return counts;
    }

    /// <summary>Total variation distance, half the sum of |p - q| over the bins, 0 to 1.</summary>
    /// <param name="left">One side.</param>
    /// <param name="right">The other side.</param>
    /// <param name="influences">Get what the rows add to the distance.</param>
    public static double TotalVariation(BinnedColumn left, BinnedColumn right, params ReadOnlySpan<Influence> influences)
    {
        var size = Math.Max(left.Size, right.Size);
        var (counts, others) = (Count(left with { Size = size }), Count(right with { Size = size }));
        AddInfluence(influences, counts, others, left.Codes.Length, right.Codes.Length, row => left.Codes[row], row => right.Codes[row]);
        return TotalVariation(counts, others, left.Codes.Length, right.Codes.Length);
    }

    /// <summary>Total variation distance of the pairs (<paramref name="a"/>, <paramref name="b"/>) and (<paramref name="c"/>, <paramref name="d"/>).</summary>
    public static double TotalVariation(BinnedColumn a, BinnedColumn b, BinnedColumn c, BinnedColumn d, params ReadOnlySpan<Influence> influences)
    {
        var (rows, width) = (Math.Max(a.Size, c.Size), Math.Max(b.Size, d.Size));
        if ((long)rows * width > LargestDenseTable)
        {
            return SparseTotalVariation(a, b, c, d, width, influences);
        }

        var (left, right) = (CountPairs(a, b, rows, width), CountPairs(c, d, rows, width));
        AddInfluence(
            influences, left, right, a.Codes.Length, c.Codes.Length,
            row => (a.Codes[row] * width) + b.Codes[row], row => (c.Codes[row] * width) + d.Codes[row]);
        return TotalVariation(left, right, a.Codes.Length, c.Codes.Length);
    }

    /// <summary>Adds a total variation distance to <paramref name="influences"/>: half the slope of |p - q| at a row's cell.</summary>
    /// <param name="influences">Get it.</param>
    /// <param name="left">Counts of the cells on one side.</param>
    /// <param name="right">Counts on the other.</param>
    /// <param name="n">Rows of one side.</param>
    /// <param name="m">Rows of the other.</param>
    /// <param name="leftCell">The cell of a row of one side.</param>
    /// <param name="rightCell">The cell of a row of the other.</param>
    public static void AddInfluence(
        ReadOnlySpan<Influence> influences, int[] left, int[] right, double n, double m, Func<int, int> leftCell, Func<int, int> rightCell)
    {
        if (influences.IsEmpty)
        {
            return;
        }

        var slopes = new float[left.Length];
        Array.Fill(slopes, float.NaN);
        foreach (var influence in influences)
        {
            influence.Add(row => Of(leftCell(row)) / 2, row => -Of(rightCell(row)) / 2);
        }

        float Of(int cell) => float.IsNaN(slopes[cell]) ? slopes[cell] = Slope(left[cell] / n, right[cell] / m, n, m) : slopes[cell];
    }

    /// <summary>The counts of the pairs that occur, in no particular order.</summary>
    public static IEnumerable<int> OccurringPairs(BinnedColumn a, BinnedColumn b) => (long)a.Size * b.Size > LargestDenseTable
        ? CountSparsePairs(a, b, b.Size).Values
        : CountPairs(a, b, a.Size, b.Size).Where(count => count > 0);

    /// <summary>Cramér's V without bias correction, 0 to 1: the square root of chi²/n over the smaller number of categories less one.</summary>
    public static double CramersV(BinnedColumn a, BinnedColumn b)
    {
        var (rowSums, columnSums) = (Count(a), Count(b));
        var sum = 0.0;
        foreach (var (pair, count) in CountSparsePairs(a, b, b.Size))
        {
            var (row, column) = Math.DivRem(pair, b.Size);
            sum += (double)count * count / ((double)rowSums[row] * columnSums[column]);
        }

        var freedom = Math.Min(rowSums.Count(n => n > 0), columnSums.Count(n => n > 0)) - 1;
        return Math.Sqrt(Math.Max(sum - 1, 0) / Math.Max(freedom, 1));
    }

    /// <summary>
    /// How much Cramér's V changes by a row's weight. Of phi² = sum of p(ij)²/(p(i) p(j)) - 1 it is 2 p(ij)/(p(i) p(j)) - the row's and the
    /// column's sums of p(ij)²/(p(i)² p(j)) and p(ij)²/(p(i) p(j)²), up to a constant; of its root that over twice the root, what chance
    /// alone makes of phi² being added under it.
    /// </summary>
    public static Func<int, double> CramersVRowInfluence(BinnedColumn a, BinnedColumn b)
    {
        double n = a.Codes.Length;
        var (pairs, rowSums, columnSums) = (CountSparsePairs(a, b, b.Size), Count(a), Count(b));
        var (ofRow, ofColumn, square) = (new double[a.Size], new double[b.Size], -1.0);
        foreach (var (pair, count) in pairs)
        {
            var (row, column) = ((int)(pair / b.Size), (int)(pair % b.Size));
            var term = (double)count * count / ((double)rowSums[row] * columnSums[column]);
            (ofRow[row], ofColumn[column], square) =
                (ofRow[row] + (term * n / rowSums[row]), ofColumn[column] + (term * n / columnSums[column]), square + term);
        }

        double rows = rowSums.Count(count => count > 0) - 1, columns = columnSums.Count(count => count > 0) - 1;
        var slope = 1 / (2 * Math.Sqrt(Math.Max(1, Math.Min(rows, columns)) * (Math.Max(square, 0) + (Math.Max(1, rows * columns) / n))));
        return row =>
        {
            var (i, j) = (a.Codes[row], b.Codes[row]);
            return slope * ((2 * n * pairs[((long)i * b.Size) + j] / ((double)rowSums[i] * columnSums[j])) - ofRow[i] - ofColumn[j]);
        };
    }

    private static float Slope(double p, double q, double n, double m) => (float)Influence.Slope(p - q, Influence.ShareDeviation(p, q, n, m));

    private static int[] CountPairs(BinnedColumn a, BinnedColumn b, int rows, int width)
    {
        var counts = new int[rows * width];
        var other = b.Codes;
        var codes = a.Codes;
        for (var i = 0; i < codes.Length; i++)
        {
            counts[(codes[i] * width) + other[i]]++;
        }

        return counts;
    }

    private static Dictionary<long, int> CountSparsePairs(BinnedColumn a, BinnedColumn b, int width)
    {
        var counts = new Dictionary<long, int>();
        if ((long)a.Size * width <= LargestDenseTable)
        {
            var dense = CountPairs(a, b, a.Size, width);
            for (var pair = 0; pair < dense.Length; pair++)
            {
                if (dense[pair] > 0)
                {
                    counts[pair] = dense[pair];
                }
            }

            return counts;
        }

        for (var i = 0; i < a.Codes.Length; i++)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(counts, ((long)a.Codes[i] * width) + b.Codes[i], out _)++;
        }

        return counts;
    }

    private static double SparseTotalVariation(BinnedColumn a, BinnedColumn b, BinnedColumn c, BinnedColumn d, int width, ReadOnlySpan<Influence> influences)
    {
        var left = CountSparsePairs(a, b, width);
        var right = CountSparsePairs(c, d, width);
        double n = a.Codes.Length, m = c.Codes.Length;
        foreach (var influence in influences)
        {
            influence.Add(row => SlopeAt(a, b, row) / 2, row => -SlopeAt(c, d, row) / 2);
        }

        var sum = left.Sum(cell => Math.Abs((cell.Value / n) - (right.GetValueOrDefault(cell.Key) / m)));
        return (sum + right.Where(cell => !left.ContainsKey(cell.Key)).Sum(cell => cell.Value / m)) / 2;

        double SlopeAt(BinnedColumn first, BinnedColumn second, int row)
        {
            var cell = ((long)first.Codes[row] * width) + second.Codes[row];
            return Slope(left.GetValueOrDefault(cell) / n, right.GetValueOrDefault(cell) / m, n, m);
        }
    }

    private static double TotalVariation(int[] left, int[] right, int leftTotal, int rightTotal)
    {
        var sum = 0.0;
        double n = leftTotal, m = rightTotal;
        for (var i = 0; i < left.Length; i++)
        {
            if ((left[i] | right[i]) != 0)
            {
                sum += Math.Abs((left[i] / n) - (right[i] / m));
            }
        }

        return sum / 2;
    }
}
