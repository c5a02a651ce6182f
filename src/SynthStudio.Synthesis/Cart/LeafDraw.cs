using SynthStudio.Synthesis.Cells;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Cart;

/// <summary>
/// Draws a cell from a leaf. Each training row of the leaf is as likely; cells that are ranges of values are spread half-way to the leaf's
/// neighbouring rows, measured by how many training rows lie between, so that a continuous value is not one row's own. Single values,
/// categories and missing values stay what they are.
/// </summary>
internal sealed class LeafDraw
{
    private readonly bool[] spread;
    private readonly double[] below;

    /// <param name="layout">The column's cells and their counts.</param>
    /// <param name="order">Which of them are ranges.</param>
    /// <param name="smoothing">False repeats the leaf's cells.</param>
    public LeafDraw(ColumnLayout layout, CellOrder order, bool smoothing)
    {
        spread = smoothing ? order.Ranges : new bool[layout.Cells];
        below = new double[layout.Cells + 1];
        for (var cell = 0; cell < layout.Cells; cell++) below[cell + 1] = below[cell] + (spread[cell] ? layout.Counts[cell] : 0);
    }

    /// <summary>One cell of the leaf.</summary>
    /// <param name="leaf">Its cells, ascending.</param>
    /// <param name="random">Two numbers are taken, whatever is drawn.</param>
    public ushort Draw(ReadOnlySpan<ushort> leaf, SeededStream random)
    {
        var chosen = random.NextInt(leaf.Length);
        var inside = random.NextDouble();
        if (!spread[leaf[chosen]]) return leaf[chosen];
        var place = Place(leaf, chosen);
        var low = Neighbour(leaf, chosen, -1, place);
        var high = Neighbour(leaf, chosen, 1, place);
        return At(inside < 0.5 ? place - (0.5 - inside) * (place - low) : place + (inside - 0.5) * (high - place));
    }

    /// <summary>The rank of a row of the leaf among the training rows in ranges: rows of one cell share it evenly.</summary>
    private double Place(ReadOnlySpan<ushort> leaf, int index)
    {
        var cell = leaf[index];
        int first = index, last = index;
        while (first > 0 && leaf[first - 1] == cell) first--;
        while (last < leaf.Length - 1 && leaf[last + 1] == cell) last++;
        return below[cell] + (index - first + 0.5) / (last - first + 1) * (below[cell + 1] - below[cell]);
    }

    /// <summary>The place of the next row that lies in a range; beyond the leaf's ends a place that spreads to the cell's edge.</summary>
    private double Neighbour(ReadOnlySpan<ushort> leaf, int index, int step, double place)
    {
        var i = index + step;
        while (i >= 0 && i < leaf.Length && !spread[leaf[i]]) i += step;
        if (i >= 0 && i < leaf.Length) return Place(leaf, i);
        var edge = below[leaf[index] + (step > 0 ? 1 : 0)];
        return 2 * edge - place;
    }

    /// <summary>The cell at a rank.</summary>
    private ushort At(double rank)
    {
        int low = 0, high = spread.Length - 1;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (below[middle + 1] > rank) high = middle;
            else low = middle + 1;
        }

        // Past the last range only by rounding: single values at the end have no width.
        while (!spread[low]) low--;
        return (ushort)low;
    }
}
