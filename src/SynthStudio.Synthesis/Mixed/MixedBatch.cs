using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Mixed;

/// <summary>Some rows of a table, spelled out for a network: scalars and one-hot symbols. Only these rows ever are. For one thread.</summary>
internal sealed class MixedBatch(MixedLayout layout, MixedRows rows, int capacity)
{
    private readonly float[] scalars = new float[capacity * layout.Scalars];
    private readonly float[] scalarMask = new float[capacity * layout.Scalars];
    private readonly float[] symbols = new float[capacity * layout.Tokens];

    public int Rows { get; private set; }

    public void Clear()
    {
        Array.Clear(symbols, 0, Rows * layout.Tokens);
        Rows = 0;
    }

    public void Add(int row)
    {
        for (var c = 0; c < layout.Count; c++)
        {
            var symbol = rows.Symbols[c][row];
            symbols[Rows * layout.Tokens + layout.TokenOffset[c] + symbol] = 1;
            if (layout.ScalarIndex[c] is var s and >= 0)
            {
                scalars[Rows * layout.Scalars + s] = rows.Scalars[c]![row];
                scalarMask[Rows * layout.Scalars + s] = layout.Columns[c].WithScalar[symbol] ? 1 : 0;
            }
        }

        Rows++;
    }

    /// <summary>One-hot, [B, V].</summary>
    public Tensor Symbols(TorchSharp.torch.Device device) => Part(symbols, layout.Tokens, device);

    /// <summary>[B, A], 0 where a symbol has no scalar.</summary>
    public Tensor Scalars(TorchSharp.torch.Device device) => Part(scalars, layout.Scalars, device);

    /// <summary>[B, A], 1 where the symbol has a scalar.</summary>
    public Tensor ScalarMask(TorchSharp.torch.Device device) => Part(scalarMask, layout.Scalars, device);

    private Tensor Part(float[] values, int width, TorchSharp.torch.Device device) =>
        from_array(values, device: device).view(capacity, width).narrow(0, 0, Rows);
}
