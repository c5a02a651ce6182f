using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Synthesis.Training;

namespace SynthStudio.Synthesis.Tvae;

/// <summary>Sizes of the network and, from them, its parameters.</summary>
/// <param name="Layout">Inputs and outputs.</param>
/// <param name="Width">H, units of the hidden layers.</param>
/// <param name="EmbeddingDim">L, dimensions of the latent space.</param>
internal sealed record TvaeShape(MixedLayout Layout, int Width, int EmbeddingDim)
{
    public ParameterLayout Parameters { get; } = new(
    [
        new("encoder.symbols", [Layout.Tokens, Width], Decays: false),
        new("encoder.scalars", [Math.Max(Layout.Scalars, 1), Width], Decays: true),
        new("encoder.0.bias", [Width], Decays: false),
        new("encoder.1.weight", [Width, Width], Decays: true),
        new("encoder.1.bias", [Width], Decays: false),
        new("encoder.latent.weight", [2 * EmbeddingDim, Width], Decays: true),
        new("encoder.latent.bias", [2 * EmbeddingDim], Decays: false),
        new("decoder.0.weight", [Width, EmbeddingDim], Decays: true),
        new("decoder.0.bias", [Width], Decays: false),
        new("decoder.1.weight", [Width, Width], Decays: true),
        new("decoder.1.bias", [Width], Decays: false),
        new("decoder.output.weight", [Layout.Width, Width], Decays: true),
        new("decoder.output.bias", [Layout.Width], Decays: false),
        new("decoder.sigma", [Math.Max(Layout.Scalars, 1)], Decays: false),
    ]);

    /// <summary>Starting values: random weights of the scale of their inputs, symbols' biases at the log marginals, sigma at 0.1.</summary>
    public float[] Initial(long seed)
    {
        var flat = new float[Parameters.Count];
        var number = 0;
        foreach (var spec in Parameters.Specs)
        {
            var values = flat.AsSpan((int)Parameters.OffsetOf(spec.Name), (int)spec.Count);
            var random = new SeededStream(seed, StreamPurpose.InitialWeights, number++);
            var scale = spec.Name switch
            {
                "encoder.symbols" or "encoder.scalars" => 1 / Math.Sqrt(Layout.Count),
                "encoder.latent.weight" => 0.5 / Math.Sqrt(Width),
                "decoder.output.weight" => 0.5 / Math.Sqrt(Width),
                _ when spec.Name.EndsWith(".weight", StringComparison.Ordinal) => Math.Sqrt(2.0 / spec.Shape[^1]),
                _ => 0,
            };
            if (spec.Name == "decoder.output.bias") Layout.LogShares().CopyTo(values[Layout.Scalars..]);
            else if (spec.Name == "decoder.sigma") values.Fill(TvaeNetwork.RawSigma(0.1f));
            else if (scale > 0) for (var i = 0; i < values.Length; i++) values[i] = (float)(scale * random.NextGaussian());
        }

        return flat;
    }
}
