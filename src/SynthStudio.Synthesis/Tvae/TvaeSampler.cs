using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Synthesis.Training;

namespace SynthStudio.Synthesis.Tvae;

/// <summary>Draws rows by decoding standard normal z. Symbols and scalars are drawn from their distributions, not taken at their peaks.</summary>
internal sealed class TvaeSampler(TvaeShape shape, ParameterSet parameters, TorchSharp.torch.Device device)
{
    private readonly TvaeNetwork network = new(shape, parameters);

    /// <summary>Draws one block. Safe for concurrent use.</summary>
    /// <param name="rows">Rows of the block.</param>
    /// <param name="seed">Seed of the sample.</param>
    /// <param name="block">Number of the block in it.</param>
    public MixedRows Draw(int rows, long seed, long block)
    {
        using var noise = new NoiseSource(device);
        noise.Begin(seed, StreamPurpose.SampledTokens, block);
        var (means, logits) = network.Decode(noise.Normal(rows, shape.EmbeddingDim));
        var symbols = SymbolDraw.Draw(
            shape.Layout, logits.ToFloats(), new SeededStream(seed, StreamPurpose.SampledTokens, block));
        if (shape.Layout.Scalars == 0) return new MixedRows(symbols, new float[]?[shape.Layout.Count]);
        var drawn = (means + network.Sigma * noise.Normal(rows, shape.Layout.Scalars)).t().ToFloats();
        return new MixedRows(symbols, [.. shape.Layout.ScalarIndex.Select(s => s < 0 ? null : drawn[(s * rows)..((s + 1) * rows)])]);
    }
}
