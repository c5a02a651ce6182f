using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Autoregressive;

/// <summary>
/// Rows with a random part of their columns observed and the rest to be predicted, as plain arrays. Each row has an order of the columns and
/// draws a cut; the columns after the cut are predicted.
/// </summary>
/// <remarks>
/// In a random order each unseen column weighs columns / unseen columns: the weighted sum is an unbiased estimate of the row's log-likelihood
/// averaged over all orders (Uria et al., arXiv:1310.1757), so any columns can be given when sampling. But most rows are sampled with none
/// given, in <see cref="TokenLayout.SamplingOrder"/>, and few random cuts fall on a beginning of it. Hence a share of the rows takes that
/// order, and there a share of the weight goes to the next column alone, as columns x (its loss): an unbiased estimate of the row's
/// log-likelihood as it is sampled.
/// </remarks>
internal sealed class AutoregressiveBatch
{
    /// <summary>Share of the rows that are in the order of sampling instead of a random one.</summary>
    private const double SamplingOrderShare = 0.5;

    /// <summary>Share of the weight of a row in the order of sampling that is on the next column.</summary>
    private const float NextColumnShare = 0.5f;

    private readonly TokenLayout layout;
    private readonly IEncodedRows table;
    private readonly ushort[] cells;
    private readonly int[] order;
    private readonly List<long> tokens = [];
    private int rows;

    /// <param name="layout">Tokens of the columns.</param>
    /// <param name="table">The rows to choose from.</param>
    /// <param name="capacity">Most rows.</param>
    public AutoregressiveBatch(TokenLayout layout, IEncodedRows table, int capacity)
    {
        (this.layout, this.table) = (layout, table);
        cells = new ushort[layout.Count];
        order = new int[layout.Count];
        Offsets = new long[capacity];
        Features = new float[capacity * layout.Features];
        Targets = new long[capacity * layout.Count];
        Weights = new float[capacity * layout.Count];
        FineContexts = new long[capacity * layout.FineColumns.Length];
        FineTargets = new long[capacity * layout.FineColumns.Length];
        FineWeights = new float[capacity * layout.FineColumns.Length];
    }

    public int Rows => rows;

    /// <summary>Observed tokens of all rows, one row after the other.</summary>
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

    /// <summary>Adds one row with its own order and cut. A cell that is not known is neither observed nor to be predicted.</summary>
    public void Add(int tableRow, SeededStream random)
    {
        table.Read(tableRow, cells);
        var asSampled = random.NextDouble() < SamplingOrderShare;
        if (asSampled) layout.SamplingOrder.CopyTo(order, 0);
        else random.Shuffle<int>(order);
        var cut = random.NextInt(layout.Count);
        var nextShare = asSampled ? NextColumnShare : 0;
        var weight = (1 - nextShare) * layout.Count / (layout.Count - cut);
        Offsets[rows] = tokens.Count;
        var capacity = Offsets.Length;
        for (var i = 0; i < order.Length; i++)
        {
            var c = order[i];
            var column = layout.Columns[c];
            var cell = cells[c];
            if (cell == Cell.Unset)
            {
                (Targets[rows * layout.Count + c], Weights[rows * layout.Count + c]) = (layout.CoarseOffset[c], 0);
                continue;
            }

            Targets[rows * layout.Count + c] = layout.CoarseOffset[c] + column.Coarse[cell];
            Weights[rows * layout.Count + c] = i < cut ? 0 : i == cut ? weight + nextShare * layout.Count : weight;
            if (i < cut) Observe(c, column, cell);
        }

        for (var f = 0; f < layout.FineColumns.Length; f++)
        {
            var c = layout.FineColumns[f];
            var column = layout.Columns[c];
            var (coarse, fine) = cells[c] == Cell.Unset ? (0, -1) : (column.Coarse[cells[c]], column.Fine[cells[c]]);
            FineContexts[rows * layout.FineColumns.Length + f] = layout.FineContextOffset[f] + coarse;
            FineTargets[f * capacity + rows] = Math.Max(fine, 0);
            FineWeights[f * capacity + rows] = fine < 0 ? 0 : Weights[rows * layout.Count + c];
        }

        rows++;
    }

    /// <summary>
    /// Adds one row as often as it has columns: with none observed, with the first of an order, with the first two …, each
    /// time to predict the next.
    /// </summary>
    public void AddBeginnings(int tableRow, ReadOnlySpan<int> columns)
    {
        table.Read(tableRow, cells);
        for (var cut = 0; cut < columns.Length; cut++)
        {
            Offsets[rows] = tokens.Count;
            var next = columns[cut];
            for (var c = 0; c < columns.Length; c++) Targets[rows * layout.Count + c] = layout.CoarseOffset[c] + layout.Columns[c].Coarse[cells[c]];
            Array.Clear(Weights, rows * layout.Count, layout.Count);
            Weights[rows * layout.Count + next] = 1;
            foreach (var c in columns[..cut]) Observe(c, layout.Columns[c], cells[c]);
            rows++;
        }
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
        column.Features.AsSpan(cell * column.FeatureCount, column.FeatureCount)
            .CopyTo(Features.AsSpan(rows * layout.Features + layout.FeatureOffset[c]));
    }
}
