using SynthStudio.Synthesis.Cells;
using SynthStudio.Synthesis.Encoding;

namespace SynthStudio.Synthesis.Copula;

/// <summary>
/// How latent normal variables make a column's cell. First come sticks, one variable and one cell each: below its threshold the row has
/// that cell, above it the next variable decides. The cells that are left, ascending, share the last variable, cut at their thresholds.
/// A number without missing values is that last variable alone; missing values are a stick; a category without order is nearly all sticks,
/// so that every frequent category correlates with other columns in its own way. The variables of one column are independent: the
/// thresholds are quantiles of the training shares, and marginals are kept exactly.
/// </summary>
internal sealed class LatentColumn
{
    private LatentColumn(int first, int[] sticks, int[] tail, long[] counts)
    {
        (First, Sticks, Tail) = (first, sticks, tail);
        double left = sticks.Sum(cell => counts[cell]) + tail.Sum(cell => counts[cell]);
        Masses = new double[counts.Length];
        foreach (var cell in (int[])[.. sticks, .. tail]) Masses[cell] = counts[cell] / left;
        StickThresholds = new double[sticks.Length];
        for (var i = 0; i < sticks.Length; i++)
        {
            StickThresholds[i] = Gaussian.Quantile(counts[sticks[i]] / left);
            left -= counts[sticks[i]];
        }

        TailThresholds = new double[tail.Length - 1];
        double below = 0;
        for (var i = 0; i < TailThresholds.Length; i++) TailThresholds[i] = Gaussian.Quantile((below += counts[tail[i]]) / left);
    }

    /// <summary>Index of the column's first variable.</summary>
    public int First { get; }

    /// <summary>Number of the column's variables.</summary>
    public int Count => Sticks.Length + (Tail.Length > 1 ? 1 : 0);

    /// <summary>Cells that have a variable of their own.</summary>
    public int[] Sticks { get; }

    /// <summary>By stick: below it the row has the stick's cell.</summary>
    public double[] StickThresholds { get; }

    /// <summary>The other cells, ascending; at least one.</summary>
    public int[] Tail { get; }

    /// <summary>Between neighbours of <see cref="Tail"/>.</summary>
    public double[] TailThresholds { get; }

    /// <summary>By cell: its share of the rows; 0 of those that are not drawn.</summary>
    public double[] Masses { get; }

    /// <param name="first">Index of the column's first variable.</param>
    /// <param name="layout">The column's cells; those that may not be drawn are left out.</param>
    /// <param name="order">What the cells mean.</param>
    /// <param name="mostVariables">Most variables of a category without order.</param>
    public static LatentColumn Create(int first, ColumnLayout layout, CellOrder order, int mostVariables)
    {
        var cells = Enumerable.Range(0, layout.Cells).Where(cell => layout.Drawable[cell] && layout.Counts[cell] > 0).ToList();
        if (order.Ordered)
        {
            var isMissing = cells.Count > 1 && cells[^1] == order.MissingCell;
            return new LatentColumn(
                first, isMissing ? [order.MissingCell] : [], [.. isMissing ? cells.Take(cells.Count - 1) : cells], layout.Counts);
        }

        var byFrequency = cells.OrderByDescending(cell => layout.Counts[cell]).ThenBy(cell => cell).ToArray();
        var sticks = Math.Clamp(byFrequency.Length - 2, 0, mostVariables - 1);
        return new LatentColumn(first, byFrequency[..sticks], byFrequency[sticks..], layout.Counts);
    }

    /// <summary>The interval of the last variable in which the row has a cell of the tail.</summary>
    public (double Low, double High) TailInterval(int index) => (
        index == 0 ? double.NegativeInfinity : TailThresholds[index - 1],
        index == TailThresholds.Length ? double.PositiveInfinity : TailThresholds[index]);

    /// <summary>The cell of the tail for a value of the last variable.</summary>
    public int TailIndex(double z)
    {
        var index = Array.BinarySearch(TailThresholds, z);
        return index >= 0 ? index + 1 : ~index;
    }
}
