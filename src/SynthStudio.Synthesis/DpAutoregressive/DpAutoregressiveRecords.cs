using SynthStudio.Privacy.Noise;
using SynthStudio.Synthesis.Autoregressive;
using SynthStudio.Synthesis.DpSgd;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.DpAutoregressive;

/// <summary>
/// The loss of single records under the autoregressive network (<see cref="AutoregressiveNetwork"/>, without fine tokens), by clipped layers. A record
/// is seen with none of its columns, with one, with two and so on, and its loss is that of the next column each time: -log p(record) in an order of the
/// columns. Without noise any one of these passes would do, chosen by chance; clipped, the scatter of that choice drowns what is common to records.
/// </summary>
/// <param name="shape">The network; no column has fine tokens.</param>
/// <param name="cells">[column][row].</param>
/// <param name="order">Order of the columns that rows are drawn in.</param>
/// <param name="anyOrderShare">Share of the records that are in a random order instead, so that any columns can be given.</param>
/// <param name="device">Where the tensors live.</param>
internal sealed class DpAutoregressiveRecords(
    NetworkShape shape, ushort[][] cells, int[] order, double anyOrderShare, TorchSharp.torch.Device device) : IRecordNetwork
{
    private readonly AutoregressiveBatch batch = new(shape.Tokens, new CellArrays(cells), Math.Max(PrivateTrainable.MicroBatch, shape.Tokens.Count));
    private readonly int[] shuffled = [.. order];
    private readonly SecureKeystream coins = new();
    private readonly ColumnSums columnSums = new(shape.Tokens, device);

    public int Passes => shape.Tokens.Count;

    public Tensor Loss(ReadOnlySpan<int> records, ILayers layers)
    {
        batch.Clear();
        foreach (var record in records) batch.AddBeginnings(record, OrderOf());
        Tensor At<T>(T[] values, long width)
            where T : unmanaged => from_array(values, device: device).view(-1, width).narrow(0, 0, batch.Rows);

        var tokens = shape.Tokens;
        var h = layers.EmbeddingSum(batch.Tokens, batch.Offsets[..batch.Rows], "input.tokens", "input.bias");
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

    private int[] OrderOf()
    {
        if (coins.NextDouble() >= anyOrderShare) return order;
        new SeededStream((long)coins.Next64(), StreamPurpose.TrainingBatch, (long)coins.Next64()).Shuffle<int>(shuffled);
        return shuffled;
    }

    public void Dispose()
    {
        coins.Dispose();
        columnSums.Dispose();
    }
}
