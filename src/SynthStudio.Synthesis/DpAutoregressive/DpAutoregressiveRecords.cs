using SynthStudio.Privacy.Noise;
using SynthStudio.Synthesis.Autoregressive;
using SynthStudio.Synthesis.DpSgd;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.DpAutoregressive;

/// <summary>
/// The loss of single records under the autoregressive network (<see cref="AutoregressiveNetwork"/>, without fine tokens), by clipped layers.
/// </summary>
/// <param name="shape">The network; no column has fine tokens.</param>
/// <param name="cells">[column][row].</param>
/// <param name="device">Where the tensors live.</param>
internal sealed class DpAutoregressiveRecords(NetworkShape shape, ushort[][] cells, TorchSharp.torch.Device device) : IRecordNetwork
{
    private readonly AutoregressiveBatch batch = new(shape.Tokens, new CellArrays(cells), PrivateTrainable.MicroBatch);
    private readonly SecureKeystream coins = new();
    private readonly ColumnSums columnSums = new(shape.Tokens, device);

    public Tensor Loss(ReadOnlySpan<int> records, TappedLayers layers)
    {
        batch.Clear();
        foreach (var record in records) batch.Add(record, new SeededStream((long)coins.Next64(), StreamPurpose.TrainingBatch, (long)coins.Next64()));
        Tensor At<T>(T[] values, long width)
            where T : unmanaged => from_array(values, device: device).view(-1, width).narrow(0, 0, batch.Rows);

        var tokens = shape.Tokens;
        var h = layers.Bias(layers.EmbeddingSum(batch.Tokens, batch.Offsets[..batch.Rows], "input.tokens"), "input.bias");
        if (tokens.Features > 0) h = h.add(layers.Product(At(batch.Features, tokens.Features), "input.features"), Scalars.One);
        for (var b = 0; b < shape.Blocks; b++)
        {
            var normal = layers.LayerNorm(h, $"block{b}.norm.gain", $"block{b}.norm.bias");
            var inner = nn.functional.silu(layers.Linear(normal, $"block{b}.up.weight", $"block{b}.up.bias"));
            h = h.add(layers.Linear(inner, $"block{b}.down.weight", $"block{b}.down.bias"), Scalars.One);
        }

        var logits = layers.Linear(layers.LayerNorm(h, "norm.gain", "norm.bias"), "output.weight", "output.bias");
        var top = logits.detach().amax([1], keepdim: true);
        var logNormaliser = columnSums.Of(logits.add(top, Scalars.MinusOne).exp()).add(Scalars.Tiny, Scalars.One).log().add(top, Scalars.One);
        var chosen = logits.gather(1, At(batch.Targets, tokens.Count));
        return (logNormaliser.add(chosen, Scalars.MinusOne) * At(batch.Weights, tokens.Count)).sum();
    }

    public void Dispose()
    {
        coins.Dispose();
        columnSums.Dispose();
    }
}
