using System.Numerics.Tensors;
using SynthStudio.Synthesis.Encoding;

namespace SynthStudio.Synthesis.Autoregressive.Inference;

/// <summary>The distribution over all cells of a column: coarse tokens times fine tokens under each.</summary>
internal sealed class CellDistributions(InferenceNetwork network, TokenMasks[] masks, int[] fineIndex)
{
    private readonly TokenLayout layout = network.Shape.Tokens;

    /// <summary>Probabilities of the cells that may be drawn, or of all, [rows, cells], each row summing to 1.</summary>
    /// <param name="memory">After <see cref="InferenceNetwork.Trunk"/>.</param>
    /// <param name="c">The column.</param>
    /// <param name="rows">Rows of the pass.</param>
    /// <param name="temperature">Above 0; 1 is the learned distribution.</param>
    /// <param name="undrawn">Whether cells that may not be drawn keep their probability, too.</param>
    /// <param name="among">
    /// By cell, above 0 where it may be: coarse tokens of no such cell are left out, so that the others sum to 1. Null leaves out none.
    /// </param>
    public float[] Of(InferenceMemory memory, int c, int rows, double temperature, bool undrawn = false, double[]? among = null)
    {
        var (column, mask) = (layout.Columns[c], masks[c]);
        var cells = new float[rows * column.Cells];
        var open = undrawn ? new float[mask.Coarse.Length] : mask.Coarse;
        if (among is not null) open = OnlyOf(column, open, among);
        network.CoarseLogits(memory, c, rows);
        for (var row = 0; row < rows; row++)
        {
            var coarse = memory.Logits.Span.Slice(row * network.CoarseStride(c), mask.Coarse.Length);
            Weights.FromLogits(coarse, open, temperature);
            TensorPrimitives.Divide(coarse, TensorPrimitives.Sum<float>(coarse), coarse);
            for (var cell = 0; cell < column.Cells; cell++)
                cells[row * column.Cells + cell] = undrawn || column.Drawable[cell] ? coarse[column.Coarse[cell]] : 0;
        }

        if (fineIndex[c] >= 0) SpreadOverFine(memory, c, rows, temperature, cells);
        return cells;
    }

    /// <summary>Log-probability of a cell in each row, given the cells that are set; 0 where it is <see cref="Cell.Unset"/>.</summary>
    /// <param name="cells">[column][row]; column <paramref name="c"/> is not set.</param>
    /// <param name="groups">Rows with equal set cells.</param>
    /// <param name="c">The column.</param>
    /// <param name="target">By row, the cell.</param>
    public double[] LogProbabilities(ushort[][] cells, RowGroups groups, int c, ReadOnlySpan<ushort> target)
    {
        var (column, mask) = (layout.Columns[c], masks[c]);
        var (logs, memory, wanted) = (new double[target.Length], new InferenceMemory(network), target.ToArray());
        var (rows, begins) = groups.Open(cells[c]);
        var fine = new List<(int PassRow, int Coarse, int Row)>();
        ConditionalPass.Run(network, memory, cells, groups.Representatives, c, (first, count) =>
        {
            network.CoarseLogits(memory, c, count);
            fine.Clear();
            for (var i = 0; i < count; i++)
            {
                var logits = memory.Logits.Span.Slice(i * network.CoarseStride(c), column.CoarseCount);
                var normaliser = LogSumExp(logits);
                for (var r = begins[first + i]; r < begins[first + i + 1]; r++)
                {
                    if (wanted[rows[r]] == Cell.Unset) continue;
                    var token = column.Coarse[wanted[rows[r]]];
                    logs[rows[r]] = logits[token] - normaliser;
                    if (mask.HasFine[token]) fine.Add((i, token, rows[r]));
                }
            }

            if (fine.Count > 0) AddFine(memory, c, count, fine, wanted, logs);
        });
        return logs;
    }

    /// <summary>A mask of coarse tokens with those closed that spell none of some cells.</summary>
    private static float[] OnlyOf(ColumnLayout column, float[] open, double[] among)
    {
        var tokens = Enumerable.Range(0, column.Cells).Where(cell => among[cell] > 0).Select(cell => column.Coarse[cell]).ToHashSet();
        return [.. open.Select((mask, token) => tokens.Contains(token) ? mask : float.NegativeInfinity)];
    }

    private void AddFine(InferenceMemory memory, int c, int passRows, List<(int PassRow, int Coarse, int Row)> wanted, ushort[] target, double[] logs)
    {
        var (column, f) = (layout.Columns[c], fineIndex[c]);
        network.FineProject(memory, f, passRows);
        for (var first = 0; first < wanted.Count; first += InferenceMemory.Rows)
        {
            var part = wanted.Skip(first).Take(InferenceMemory.Rows).ToList();
            network.FineLogits(memory, f, part.ConvertAll(row => (row.PassRow, row.Coarse)).ToArray());
            for (var i = 0; i < part.Count; i++)
            {
                var logits = memory.FineLogits.Span.Slice(i * network.FineStride(f), layout.FineTokens);
                TensorPrimitives.Add(logits, masks[c].Fine[part[i].Coarse], logits);
                logs[part[i].Row] += logits[column.Fine[target[part[i].Row]]] - LogSumExp(logits);
            }
        }
    }

    private static double LogSumExp(ReadOnlySpan<float> logits)
    {
        var top = TensorPrimitives.Max(logits);
        double sum = 0;
        foreach (var logit in logits) sum += Math.Exp(logit - top);
        return top + Math.Log(sum);
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
