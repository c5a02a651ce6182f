using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Mixed;

/// <summary>
/// Turns a network's approximate numbers into values of the column: each is moved to the nearest cell of the codec and drawn anew in it.
/// A cell holds a thousandth of the rows or one value, so little is lost, and decimals, limits and the protection of rare values are the
/// codec's.
/// </summary>
internal sealed class NumericCells(NumericCodec codec)
{
    private readonly double[] lows = Array.ConvertAll(codec.Cells, cell => cell.Pieces.Min(piece => piece.Low));
    private readonly double[] highs = Array.ConvertAll(codec.Cells, cell => cell.Pieces.Max(piece => piece.High));

    public Column Decode(double[] approximate, SeededStream random, long firstRow, long seed)
    {
        var missing = (ushort)codec.Cells.Length;
        return codec.Decode(Array.ConvertAll(approximate, x => double.IsNaN(x) ? missing : Nearest(x)), random, firstRow, seed);
    }

    /// <summary>The cell that holds <paramref name="value"/>, or the nearest one. A value that is a cell of its own has precedence.</summary>
    public ushort Nearest(double value)
    {
        // The last cell that begins at or below the value; neighbours may share an end.
        int low = 0, high = lows.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (lows[middle] <= value) low = middle + 1;
            else high = middle;
        }

        var best = Math.Max(low - 1, 0);
        for (var i = Math.Max(low - 3, 0); i <= Math.Min(low, lows.Length - 1); i++)
        {
            var (distance, least) = (Distance(i, value), Distance(best, value));
            if (distance < least || (distance == least && highs[i] - lows[i] < highs[best] - lows[best])) best = i;
        }

        return (ushort)best;
    }

    private double Distance(int cell, double value) => Math.Max(Math.Max(lows[cell] - value, value - highs[cell]), 0);
}
