using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Autoregressive;

/// <summary>
/// Draws the cells of a block of rows, column by column. The trunk's input is a sum, so a drawn column only adds its embedding to a running
/// sum; rows whose columns drawn so far are equal share one pass through the trunk, which makes the first columns nearly free.
/// </summary>
internal sealed class AutoregressiveSampler : IDisposable
{
    /// <summary>Rows of one pass through the trunk: as many as stay in a core's cache.</summary>
    private const int PassRows = 1024;

    private readonly TokenLayout layout;
    private readonly AutoregressiveNetwork network;
    private readonly Tensor start;
    private readonly Tensor[] cellInputs;
    private readonly int[][,] cellByTokens;
    private readonly int[] fineIndex;

    /// <param name="shape">The network.</param>
    /// <param name="parameters">Its weights; shared, not owned.</param>
    public AutoregressiveSampler(NetworkShape shape, ParameterSet parameters)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        layout = shape.Tokens;
        network = new AutoregressiveNetwork(shape, parameters);
        start = parameters["input.bias"].detach().clone().view(1, -1).DetachFromDisposeScope();
        cellInputs = [.. Enumerable.Range(0, layout.Count).Select(c => CellInputs(c, parameters).DetachFromDisposeScope())];
        cellByTokens = [.. layout.Columns.Select(column => column.CellByTokens())];
        fineIndex = [.. Enumerable.Range(0, layout.Count).Select(c => Array.IndexOf(layout.FineColumns, c))];
    }

    /// <summary>Draws one block.</summary>
    /// <param name="rows">Rows of the block.</param>
    /// <param name="given">By modelled column: the cell it must have; -1 where it is drawn.</param>
    /// <param name="temperature">Above 0; 1 is the learned distribution.</param>
    /// <param name="random">The block's stream.</param>
    /// <returns>[column][row].</returns>
    public ushort[][] Draw(int rows, int[] given, double temperature, SeededStream random)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var cells = new ushort[layout.Count][];
        var h = start;
        foreach (var c in layout.SamplingOrder.Where(c => given[c] >= 0))
        {
            cells[c] = new ushort[rows];
            Array.Fill(cells[c], (ushort)given[c]);
            h = h + cellInputs[c].narrow(0, given[c], 1);
        }

        var group = new int[rows];
        var groups = 1;
        foreach (var c in layout.SamplingOrder.Where(c => given[c] < 0))
        {
            using var step = NewDisposeScope();
            cells[c] = DrawColumn(c, h, group, groups, temperature, random);
            var (next, parent, cell) = Split(group, groups, cells[c], layout.Columns[c].Cells);
            var input = cellInputs[c].index_select(0, tensor(cell, device: start.device));
            h = (parent.Length == groups && groups == rows ? h + input : h.index_select(0, tensor(parent, device: start.device)).add_(input))
                .MoveToOuterDisposeScope();
            (group, groups) = (next, parent.Length);
        }

        return cells;
    }

    public void Dispose()
    {
        start.Dispose();
        foreach (var input in cellInputs) input.Dispose();
        network.Dispose();
    }

    private ushort[] DrawColumn(int c, Tensor h, int[] group, int groups, double temperature, SeededStream random)
    {
        var column = layout.Columns[c];
        var z = Trunk(h, groups);
        var coarseDrawable = new bool[column.CoarseCount];
        for (var cell = 0; cell < column.Cells; cell++) coarseDrawable[column.Coarse[cell]] |= column.Drawable[cell];
        var coarse = Choose(network.CoarseLogits(z, c), group, groups, token => coarseDrawable[token], temperature, random);
        var drawn = new ushort[group.Length];
        if (fineIndex[c] < 0)
        {
            for (var i = 0; i < drawn.Length; i++) drawn[i] = (ushort)cellByTokens[c][coarse[i], 0];
            return drawn;
        }

        var (fineGroup, parent, context) = Split(group, groups, coarse, column.CoarseCount);
        var offset = layout.FineContextOffset[fineIndex[c]];
        var fineZ = parent.Length == groups ? z : z.index_select(0, tensor(parent, device: z.device));
        if (parent.Length == groups && !IsIdentity(parent)) fineZ = z.index_select(0, tensor(parent, device: z.device));
        var contexts = tensor(Array.ConvertAll(context, token => token + offset), device: z.device);
        var fine = Choose(
            network.FineLogits(fineZ, contexts, fineIndex[c]), fineGroup, parent.Length, null, temperature, random,
            (g, token) => token < column.FineCount && cellByTokens[c][context[g], token] >= 0);
        for (var i = 0; i < drawn.Length; i++) drawn[i] = (ushort)cellByTokens[c][coarse[i], column.Fine[cellByTokens[c][coarse[i], 0]] < 0 ? 0 : fine[i]];
        return drawn;
    }

    private Tensor Trunk(Tensor h, int groups)
    {
        if (groups <= PassRows) return network.Trunk(h);
        var parts = new List<Tensor>();
        for (var first = 0; first < groups; first += PassRows)
        {
            using var pass = NewDisposeScope();
            parts.Add(network.Trunk(h.narrow(0, first, Math.Min(PassRows, groups - first))).MoveToOuterDisposeScope());
        }

        return cat(parts, 0);
    }

    /// <summary>
    /// Draws one token a row by inverting the cumulative distribution of its group.
    /// </summary>
    private static ushort[] Choose(
        Tensor logits, int[] group, int groups, Func<int, bool>? drawable, double temperature, SeededStream random,
        Func<int, int, bool>? drawableInGroup = null)
    {
        using var contiguous = logits.contiguous().cpu();
        var scores = contiguous.data<float>().ToArray();
        var width = scores.Length / groups;
        var allowed = drawable is null ? null : Enumerable.Range(0, width).Select(drawable).ToArray();
        for (var g = 0; g < groups; g++)
        {
            var row = scores.AsSpan(g * width, width);
            if (temperature != 1) TensorPrimitives.Multiply(row, (float)(1 / temperature), row);
            if (allowed is not null)
            {
                for (var t = 0; t < width; t++) if (!allowed[t]) row[t] = float.NegativeInfinity;
            }

            if (drawableInGroup is not null)
            {
                for (var t = 0; t < width; t++) if (!drawableInGroup(g, t)) row[t] = float.NegativeInfinity;
            }

            TensorPrimitives.Subtract(row, TensorPrimitives.Max<float>(row), row);
            TensorPrimitives.Exp<float>(row, row);
            float sum = 0;
            for (var t = 0; t < width; t++) row[t] = sum += row[t];
        }

        var chosen = new ushort[group.Length];
        for (var i = 0; i < chosen.Length; i++)
        {
            var cumulative = scores.AsSpan(group[i] * width, width);
            var target = random.NextSingle() * cumulative[^1];
            int low = 0, high = width - 1;
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (cumulative[middle] > target) high = middle;
                else low = middle + 1;
            }

            chosen[i] = (ushort)low;
        }

        return chosen;
    }

    /// <summary>Splits groups of rows by a drawn symbol.</summary>
    /// <returns>The new group of each row; by new group its old group and its symbol.</returns>
    private static (int[] Group, long[] Parent, long[] Symbol) Split(int[] group, int groups, ushort[] symbols, int symbolCount)
    {
        var next = new int[group.Length];
        List<long> parent = [], symbol = [];
        var known = new Dictionary<long, int>(Math.Min(group.Length, groups * 4));
        for (var i = 0; i < next.Length; i++)
        {
            var key = (long)group[i] * symbolCount + symbols[i];
            if (!known.TryGetValue(key, out next[i]))
            {
                known.Add(key, next[i] = parent.Count);
                parent.Add(group[i]);
                symbol.Add(symbols[i]);
            }
        }

        return (next, [.. parent], [.. symbol]);
    }

    private static bool IsIdentity(long[] parent)
    {
        for (var i = 0; i < parent.Length; i++) if (parent[i] != i) return false;
        return true;
    }

    /// <summary>What each cell of a column adds to the trunk's input, [cells, H].</summary>
    private Tensor CellInputs(int c, ParameterSet parameters)
    {
        var column = layout.Columns[c];
        var device = parameters["input.bias"].device;
        var tokens = parameters["input.tokens"].detach();
        var input = tokens.index_select(0, tensor(Array.ConvertAll(column.Coarse, t => (long)(layout.CoarseOffset[c] + t)), device: device));
        if (column.FeatureCount == 0) return input;
        var map = parameters["input.features"].detach().narrow(0, layout.FeatureOffset[c], column.FeatureCount);
        return input + tensor(column.Features, device: device).view(column.Cells, column.FeatureCount).matmul(map);
    }
}
