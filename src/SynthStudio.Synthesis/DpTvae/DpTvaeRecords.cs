using SynthStudio.Privacy.Noise;
using SynthStudio.Synthesis.DpSgd;
using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Training;
using SynthStudio.Synthesis.Tvae;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.DpTvae;

/// <summary>
/// The negative evidence bound of single records under <see cref="TvaeNetwork"/>, by clipped layers. The latent noise is
/// secret: each record's own.
/// </summary>
/// <param name="shape">The network.</param>
/// <param name="rows">The encoded table.</param>
/// <param name="lossFactor">Weight of the reconstruction.</param>
/// <param name="device">Where the tensors live.</param>
internal sealed class DpTvaeRecords(TvaeShape shape, MixedRows rows, double lossFactor, TorchSharp.torch.Device device) : IRecordNetwork
{
    private readonly MixedBatch batch = new(shape.Layout, rows, PrivateTrainable.MicroBatch);
    private readonly SpanSoftmax softmax = new(shape.Layout, device);
    private readonly LatticeGaussian latent = new();

    public Tensor Loss(ReadOnlySpan<int> records, ILayers layers)
    {
        batch.Clear();
        foreach (var record in records) batch.Add(record);
        var (layout, count) = (shape.Layout, records.Length);
        var (scalars, symbols) = (batch.Scalars(device), batch.Symbols(device));

        var h = layers.Product(layout.Scalars > 0 ? scalars : zeros(count, 1, device: device), "encoder.scalars");
        h = layers.Bias(h.add(layers.Product(symbols, "encoder.symbols"), Scalars.One), "encoder.0.bias").relu();
        h = layers.Linear(h, "encoder.1.weight", "encoder.1.bias").relu();
        var latents = layers.Linear(h, "encoder.latent.weight", "encoder.latent.bias");
        var (mean, logVariance) = (latents.narrow(1, 0, shape.EmbeddingDim), latents.narrow(1, shape.EmbeddingDim, shape.EmbeddingDim).clamp(-12, 6));
        var z = mean + (logVariance * 0.5).exp() * Noise(count);

        h = layers.Linear(z, "decoder.0.weight", "decoder.0.bias").relu();
        h = layers.Linear(h, "decoder.1.weight", "decoder.1.bias").relu();
        var output = layers.Linear(h, "decoder.output.weight", "decoder.output.bias");
        var logits = output.narrow(1, layout.Scalars, layout.Tokens);
        var reconstruction = softmax.LogNormaliser(logits).sum() - (logits * symbols).sum();
        var sigma = TvaeNetwork.SigmaOf(layers.Bias(zeros(count, Math.Max(layout.Scalars, 1), device: device), "decoder.sigma"));
        if (layout.Scalars > 0)
        {
            var error = (scalars - output.narrow(1, 0, layout.Scalars).tanh()) / sigma;
            reconstruction = reconstruction + ((error * error * 0.5 + sigma.log()) * batch.ScalarMask(device)).sum();
        }
        else
        {
            // The parameter exists in a table without numbers too; its gradient is nothing.
            reconstruction = reconstruction + sigma.sum() * 0;
        }

        var divergence = (mean * mean + logVariance.exp() - logVariance - 1).sum() * 0.5;
        return reconstruction * lossFactor + divergence;
    }

    public void Dispose()
    {
        softmax.Dispose();
        latent.Dispose();
    }

    private Tensor Noise(int count)
    {
        var noise = new float[count * shape.EmbeddingDim];
        latent.Fill(noise);
        return from_array(noise, device: device).view(count, shape.EmbeddingDim);
    }
}
