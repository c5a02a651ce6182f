using System.Numerics.Tensors;

namespace SynthStudio.Synthesis.Autoregressive.Inference;

/// <summary>The distribution over all cells of a column: coarse tokens times fine tokens under each.</summary>
internal sealed class CellDistributions(InferenceNetwork network, TokenMasks[] masks, int[] fineIndex)
{
    private readonly TokenLayout layout = network.Shape.Tokens;

    /// <summary>Probabilities of the cells that may be drawn, [rows, cells], each row summing to 1.</summary>
    /// <param name="memory">After <see cref="InferenceNetwork.Trunk"/>.</param>
    /// <param name="c">The column.</param>
    /// <param name="rows">Rows of the pass.</param>
    /// <param name="temperature">Above 0; 1 is the learned distribution.</param>
    public float[] Of(InferenceMemory memory, int c, int rows, double temperature)
    {
        var (column, mask) = (layout.Columns[c], masks[c]);
        var cells = new float[rows * column.Cells];
        network.CoarseLogits(memory, c, rows);
        for (var row = 0; row < rows; row++)
        {
            var coarse = memory.Logits.Span.Slice(row * network.CoarseStride(c), mask.Coarse.Length);
            Weights.FromLogits(coarse, mask.Coarse, temperature);
            TensorPrimitives.Divide(coarse, TensorPrimitives.Sum<float>(coarse), coarse);
            for (var cell = 0; cell < column.Cells; cell++)
                cells[row * column.Cells + cell] = column.Drawable[cell] ? coarse[column.Coarse[cell]] : 0;
        }

        if (fineIndex[c] >= 0) SpreadOverFine(memory, c, rows, temperature, cells);
        return cells;
    }

    private void SpreadOverFine(InferenceMemory memory, int c, int rows, double temperature, float[] cells)
    {
        var (column, mask, f) = (layout.Columns[c], masks[c], fineIndex[c]);
        network.FineProject(memory, f, rows);
        var contexts = new (int Row, int Coarse)[rows];
        for (var token = 0; token < column.CoarseCount; token++)
        {
            if (!mask.HasFine[token]) continue;
            for (var row = 0; row < rows; row++) contexts[row] = (row, token);
            network.FineLogits(memory, f, contexts);
            for (var row = 0; row < rows; row++)
            {
                var fine = memory.FineLogits.Span.Slice(row * network.FineStride(f), layout.FineTokens);
                Weights.FromLogits(fine, mask.Fine[token], temperature);
                TensorPrimitives.Divide(fine, TensorPrimitives.Sum<float>(fine), fine);
                for (var t = 0; t < fine.Length; t++)
                {
                    if (mask.Fine[token][t] == 0) cells[row * column.Cells + mask.CellByTokens[token, t]] *= fine[t];
                }
            }
        }
    }
}
