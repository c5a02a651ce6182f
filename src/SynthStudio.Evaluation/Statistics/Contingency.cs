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
    public static double TotalVariation(BinnedColumn left, BinnedColumn right)
    {
        var size = Math.Max(left.Size, right.Size);
        return TotalVariation(Count(left with { Size = size }), Count(right with { Size = size }), left.Codes.Length, right.Codes.Length);
    }

    /// <summary>Total variation distance of the pairs (<paramref name="a"/>, <paramref name="b"/>) and (<paramref name="c"/>, <paramref name="d"/>).</summary>
    public static double TotalVariation(BinnedColumn a, BinnedColumn b, BinnedColumn c, BinnedColumn d)
    {
        var (rows, width) = (Math.Max(a.Size, c.Size), Math.Max(b.Size, d.Size));
        if ((long)rows * width > LargestDenseTable)
        {
            return SparseTotalVariation(a, b, c, d, width);
        }

        return TotalVariation(CountPairs(a, b, rows, width), CountPairs(c, d, rows, width), a.Codes.Length, c.Codes.Length);
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

    private static double SparseTotalVariation(BinnedColumn a, BinnedColumn b, BinnedColumn c, BinnedColumn d, int width)
    {
        var left = CountSparsePairs(a, b, width);
        var right = CountSparsePairs(c, d, width);
        double n = a.Codes.Length, m = c.Codes.Length;
        var sum = left.Sum(cell => Math.Abs((cell.Value / n) - (right.GetValueOrDefault(cell.Key) / m)));
        return (sum + right.Where(cell => !left.ContainsKey(cell.Key)).Sum(cell => cell.Value / m)) / 2;
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
