using SynthStudio.Synthesis.Cells;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Cart;

/// <summary>
/// Draws rows column by column from the leaves they fall into. Conditions are met by rejection, column by column: a row that draws a cell
/// it may not have is given up there. The rows that remain follow the model's conditional distribution exactly.
/// </summary>
/// <param name="order">The order of drawing.</param>
/// <param name="trees">By position in that order.</param>
/// <param name="draws">By modelled column.</param>
/// <param name="shapes">By modelled column: what trees see of it.</param>
/// <param name="conditions">What every row must meet.</param>
internal sealed class CartSampler(ColumnOrder order, Tree[] trees, LeafDraw[] draws, PredictorBins[] shapes, CellConditions conditions)
    : ICellSampler
{
    /// <summary>Rows begun for each row that is wanted, at most: a rarer condition is refused.</summary>
    private const int MostTries = 20_000;

    private const int BatchRows = 4_096;

    public ushort[][] Draw(int rows, SeededStream random, CancellationToken cancellation)
    {
        if (!conditions.Any) return Attempt(rows, random).Cells;
        var drawn = shapes.Select(_ => new ushort[rows]).ToArray();
        long tried = 0;
        for (var done = 0; done < rows;)
        {
            cancellation.ThrowIfCancellationRequested();
            if (tried > (long)MostTries * rows)
            {
                throw new SynthesisException(
                    SynthesisError.ImpossibleCondition,
                    FormattableString.Invariant($"Fewer than one in {MostTries} rows of this model meets the conditions, and the method 'cart' can ")
                    + "only wait for such rows. The method 'autoregressive' draws them directly.");
            }

            var (cells, count) = Attempt(BatchRows, random);
            var taken = Math.Min(count, rows - done);
            for (var c = 0; c < cells.Length; c++) cells[c].AsSpan(0, taken).CopyTo(drawn[c].AsSpan(done));
            done += taken;
            tried += BatchRows;
        }

        return drawn;
    }

    /// <summary>Begins rows; those that meet the conditions are the first ones of the result.</summary>
    private (ushort[][] Cells, int Count) Attempt(int rows, SeededStream random)
    {
        var cells = new ushort[shapes.Length][];
        var bins = new byte[shapes.Length][];
        var alive = rows;
        for (var position = 0; position < trees.Length && alive > 0; position++)
        {
            var column = order.Columns[position];
            var drawn = cells[column] = new ushort[rows];
            var tree = trees[position];
            var seen = Array.ConvertAll(order.Predictors[position], predictor => bins[predictor]);
            for (var row = 0; row < alive; row++) drawn[row] = draws[column].Draw(tree.Leaf(seen, row), random);
            bins[column] = shapes[column].Of(drawn);
            if (conditions[column] is { } shares) alive = Keep(shares, drawn, cells, bins, alive, random);
        }

        for (var c = 0; c < cells.Length; c++) cells[c] ??= [];
        return (cells, alive);
    }

    /// <summary>Moves the rows that are admitted to the front; one in a cell of which a share is admitted stays with that chance.</summary>
    private static int Keep(double[] shares, ushort[] drawn, ushort[][] cells, byte[][] bins, int alive, SeededStream random)
    {
        var kept = 0;
        for (var row = 0; row < alive; row++)
        {
            if (random.NextDouble() >= shares[drawn[row]]) continue;
            if (row > kept)
            {
                for (var c = 0; c < cells.Length; c++)
                {
                    if (cells[c] is not null) (cells[c][kept], bins[c][kept]) = (cells[c][row], bins[c][row]);
                }
            }

            kept++;
        }

        return kept;
    }
}
