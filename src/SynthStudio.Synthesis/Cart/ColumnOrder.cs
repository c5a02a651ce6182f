using SynthStudio.Synthesis.Cells;

namespace SynthStudio.Synthesis.Cart;

/// <summary>Which column is drawn when, and which earlier ones it looks at, by mutual information.</summary>
/// <param name="Columns">Modelled columns in the order of drawing.</param>
/// <param name="Predictors">By position in that order: the modelled columns that the one there looks at.</param>
internal sealed record ColumnOrder(int[] Columns, int[][] Predictors)
{
    /// <summary>Rows and bins that mutual information is estimated from.</summary>
    private const int MaxRows = 10_000, Bins = 16;

    /// <summary>
    /// Begins with the column that says most about all others, then takes the column that one of the chosen says most about, as Prim's
    /// algorithm builds the tree of Chow and Liu (1968): strong dependences are learned directly, not through weak ones.
    /// </summary>
    public static ColumnOrder Choose(CellTable table, IReadOnlyList<CellOrder> orders, int maxPredictors, ParallelOptions parallel)
    {
        var information = MutualInformation(table, orders, parallel);
        var count = table.Cells.Length;
        var left = Enumerable.Range(0, count).ToList();
        var columns = new int[count];
        var predictors = new int[count][];
        for (var position = 0; position < count; position++)
        {
            var chosen = columns.AsSpan(0, position).ToArray();
            var next = left.MaxBy(column => position == 0 ? left.Sum(other => information[column, other]) : chosen.Max(other => information[column, other]));
            columns[position] = next;
            predictors[position] = [.. chosen.OrderByDescending(other => information[next, other]).ThenBy(other => other).Take(maxPredictors)];
            left.Remove(next);
        }

        return new ColumnOrder(columns, predictors);
    }

    /// <summary>Mutual information of every pair in nats, less its bias to first order (Miller and Madow); 0 on the diagonal.</summary>
    internal static double[,] MutualInformation(CellTable table, IReadOnlyList<CellOrder> orders, ParallelOptions parallel)
    {
        var count = table.Cells.Length;
        var step = Math.Max(1, table.Rows / MaxRows);
        var rows = (table.Rows + step - 1) / step;
        var bins = new byte[count][];
        Parallel.For(0, count, parallel, c =>
        {
            var binOfCell = PredictorBins.Create(table.Layouts[c], orders[c], Bins).BinOfCell;
            bins[c] = new byte[rows];
            for (var i = 0; i < rows; i++) bins[c][i] = binOfCell[table.Cells[c][i * step]];
        });
        var information = new double[count, count];
        Parallel.For(0, count, parallel, a =>
        {
            for (var b = a + 1; b < count; b++) information[a, b] = information[b, a] = Between(bins[a], bins[b]);
        });
        return information;
    }

    private static double Between(byte[] x, byte[] y)
    {
        Span<int> joint = stackalloc int[Bins * Bins], countX = stackalloc int[Bins], countY = stackalloc int[Bins];
        for (var i = 0; i < x.Length; i++)
        {
            joint[x[i] * Bins + y[i]]++;
            countX[x[i]]++;
            countY[y[i]]++;
        }

        double sum = 0;
        int seen = 0, seenX = 0, seenY = 0;
        for (var a = 0; a < Bins; a++)
        {
            if (countX[a] > 0) seenX++;
            if (countY[a] > 0) seenY++;
            for (var b = 0; b < Bins; b++)
            {
                if (joint[a * Bins + b] is not (> 0 and var n)) continue;
                seen++;
                sum += n * Math.Log((double)n * x.Length / ((double)countX[a] * countY[b]));
            }
        }

        return Math.Max(0, sum / x.Length - (seen - seenX - seenY + 1) / (2.0 * x.Length));
    }
}
