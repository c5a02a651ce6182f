using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Boosting;
using SynthStudio.Synthesis.Cart;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Autoregressive.Refinement;

/// <summary>
/// p(x_j | other columns) of a column of two values, by boosted trees that look at all others, in wide tables at those that say most about it. Once
/// rows are complete the column is drawn again from it: a step of Gibbs sampling (Geman and Geman 1984), which does not change a joint distribution
/// whose conditional it is. Such columns are drawn first, when little is known of a row; that each column after them is drawn well does not make
/// sharp what all of these together tell of them.
/// </summary>
/// <param name="Column">j.</param>
/// <param name="Others">The columns that the trees look at; in this order their features.</param>
/// <param name="Low">The cell of one value.</param>
/// <param name="High">The cell of the other.</param>
/// <param name="Offset">log p(high) / p(low) over all rows.</param>
/// <param name="Trees">What the other columns add to that.</param>
internal sealed record ColumnResampler(int Column, int[] Others, ushort Low, ushort High, float Offset, ObliviousTrees Trees)
{
    /// <summary>The column's cells, drawn again.</summary>
    /// <param name="bins">By column, by row; all others are known.</param>
    /// <param name="rows">How many.</param>
    /// <param name="temperature">Above 0; 1 is the learned distribution.</param>
    /// <param name="random">The block's stream.</param>
    public ushort[] Draw(byte[]?[] bins, int rows, double temperature, SeededStream random)
    {
        var (logOdds, cells) = (LogOdds(Array.ConvertAll(Others, c => bins[c]!), rows), new ushort[rows]);
        for (var row = 0; row < rows; row++)
            cells[row] = random.NextDouble() < 1 / (1 + Math.Exp(-logOdds[row] / temperature)) ? High : Low;
        return cells;
    }

    /// <summary>Whether all of a row is known that the trees look at.</summary>
    /// <param name="cells">[column][row].</param>
    /// <param name="row">The row.</param>
    public bool CanTell(ushort[][] cells, int row) => Array.TrueForAll(Others, c => cells[c][row] != Cell.Unset);

    /// <summary>p(high | other columns) of rows of which these are known.</summary>
    /// <param name="shapes">By column: the bins that trees look at.</param>
    /// <param name="cells">[column][row].</param>
    /// <param name="rows">The rows wanted.</param>
    public double[] HighOf(PredictorBins[] shapes, ushort[][] cells, int[] rows)
    {
        var bins = Array.ConvertAll(Others, c => Array.ConvertAll(rows, row => shapes[c].BinOfCell[cells[c][row]]));
        return Array.ConvertAll(LogOdds(bins, rows.Length), logOdds => 1 / (1 + Math.Exp(-logOdds)));
    }

    private float[] LogOdds(byte[][] features, int rows)
    {
        var logOdds = new float[rows];
        Array.Fill(logOdds, Offset);
        Trees.AddTo(features, logOdds);
        return logOdds;
    }
}
