using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Autoregressive;

/// <summary>
/// Rows with a random part of their columns observed and the rest to be predicted, as plain arrays. Each row draws an order of the columns
/// and a cut; the columns after the cut are predicted, each weighted by columns / unseen columns, which makes the weighted sum an unbiased
/// estimate of the row's log-likelihood averaged over all orders.
/// </summary>
internal sealed class AutoregressiveBatch
{
    private readonly TokenLayout layout;
    private readonly ushort[][] cells;
    private readonly int[] order;
    private readonly List<long> tokens = [];
    private int rows;

    /// <param name="layout">Tokens of the columns.</param>
    /// <param name="cells">[column][row] of the table.</param>
    /// <param name="capacity">Most rows.</param>
    public AutoregressiveBatch(TokenLayout layout, ushort[][] cells, int capacity)
    {
        (this.layout, this.cells) = (layout, cells);
        order = Enumerable.Range(0, layout.Count).ToArray();
        Offsets = new long[capacity];
        Features = new float[capacity * layout.Features];
        Targets = new long[capacity * layout.Count];
        Weights = new float[capacity * layout.Count];
        FineContexts = new long[capacity * layout.FineColumns.Length];
        FineTargets = new long[capacity * layout.FineColumns.Length];
        FineWeights = new float[capacity * layout.FineColumns.Length];
    }

    public int Rows => rows;

    public long[] Tokens => tokens.Count > 0 ? [.. tokens] : [];

    /// <summary>[B].</summary>
    public long[] Offsets { get; }

    /// <summary>[B, F].</summary>
    public float[] Features { get; }

    /// <summary>[B, C], coarse tokens among those of all columns.</summary>
    public long[] Targets { get; }

    /// <summary>[B, C], zero for observed columns.</summary>
    public float[] Weights { get; }

    /// <summary>[B, fine columns].</summary>
    public long[] FineContexts { get; }

    /// <summary>[fine columns, B].</summary>
    public long[] FineTargets { get; }

    /// <summary>[fine columns, B], zero for observed columns and for coarse tokens without fine ones.</summary>
    public float[] FineWeights { get; }

    public void Clear()
    {
        rows = 0;
        for (var c = 0; c < order.Length; c++) order[c] = c;
        tokens.Clear();
        Array.Clear(Features);
    }

    /// <summary>Adds one row with its own order and cut.</summary>
    public void Add(int tableRow, SeededStream random)
    {
        random.Shuffle<int>(order);
        var cut = random.NextInt(layout.Count);
        var weight = (float)layout.Count / (layout.Count - cut);
        Offsets[rows] = tokens.Count;
        var capacity = Offsets.Length;
        for (var i = 0; i < order.Length; i++)
        {
            var c = order[i];
            var column = layout.Columns[c];
            var cell = cells[c][tableRow];
            Targets[rows * layout.Count + c] = layout.CoarseOffset[c] + column.Coarse[cell];
            Weights[rows * layout.Count + c] = i < cut ? 0 : weight;
            if (i < cut) Observe(c, column, cell);
        }

        for (var f = 0; f < layout.FineColumns.Length; f++)
        {
            var c = layout.FineColumns[f];
            var column = layout.Columns[c];
            var cell = cells[c][tableRow];
            var fine = column.Fine[cell];
            FineContexts[rows * layout.FineColumns.Length + f] = layout.FineContextOffset[f] + column.Coarse[cell];
            FineTargets[f * capacity + rows] = Math.Max(fine, 0);
            FineWeights[f * capacity + rows] = fine < 0 ? 0 : Weights[rows * layout.Count + c];
        }

        rows++;
    }

    /// <summary>Rows from <paramref name="first"/> on no longer count.</summary>
    public void Mute(int first)
    {
        Array.Clear(Weights, first * layout.Count, (rows - first) * layout.Count);
        for (var f = 0; f < layout.FineColumns.Length; f++) Array.Clear(FineWeights, f * Offsets.Length + first, rows - first);
    }

    private void Observe(int c, ColumnLayout column, int cell)
    {
        tokens.Add(layout.CoarseOffset[c] + column.Coarse[cell]);
        if (column.Fine[cell] >= 0) tokens.Add(layout.FineOffset[c] + column.Fine[cell]);
        column.Features.AsSpan(cell * column.FeatureCount, column.FeatureCount)
            .CopyTo(Features.AsSpan(rows * layout.Features + layout.FeatureOffset[c]));
    }
}
