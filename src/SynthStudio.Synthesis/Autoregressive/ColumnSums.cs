using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Autoregressive;

/// <summary>
/// Sums over the coarse tokens of each column, as products with indicator matrices. Columns are taken in groups: one matrix for all of them
/// would cost tokens x columns a row, which grows with the square of the columns.
/// </summary>
internal sealed class ColumnSums : IDisposable
{
    /// <summary>Columns in a group: large enough for one product to be efficient, small enough to waste little on zeros.</summary>
    private const int GroupColumns = 32;

    private readonly Tensor[] indicators;
    private readonly long[] tokens;

    public ColumnSums(TokenLayout layout, TorchSharp.torch.Device device)
    {
        indicators = [.. Enumerable.Range(0, layout.Count).Chunk(GroupColumns).Select(columns => Indicator(layout, columns, device))];
        tokens = Array.ConvertAll(indicators, indicator => indicator.shape[0]);
    }

    /// <summary>[B, C] from [B, V].</summary>
    public Tensor Of(Tensor values)
    {
        if (indicators.Length == 1) return values.matmul(indicators[0]);
        return cat([.. values.split(tokens, 1).Zip(indicators, (group, indicator) => group.matmul(indicator))], 1);
    }

    public void Dispose()
    {
        foreach (var indicator in indicators) indicator.Dispose();
    }

    /// <summary>[tokens of the columns, columns]: 1 where the token belongs to the column.</summary>
    private static Tensor Indicator(TokenLayout layout, int[] columns, TorchSharp.torch.Device device)
    {
        var first = layout.CoarseOffset[columns[0]];
        var indicator = new float[columns.Sum(c => layout.Columns[c].CoarseCount), columns.Length];
        for (var i = 0; i < columns.Length; i++)
            for (var t = 0; t < layout.Columns[columns[i]].CoarseCount; t++)
                indicator[layout.CoarseOffset[columns[i]] - first + t, i] = 1;

        return tensor(indicator, device: device).DetachFromDisposeScope();
    }
}
