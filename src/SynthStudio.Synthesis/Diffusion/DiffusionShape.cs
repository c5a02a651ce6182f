using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Synthesis.Training;

namespace SynthStudio.Synthesis.Diffusion;

/// <summary>Sizes of the denoiser and, from them, its parameters.</summary>
/// <param name="Layout">The columns.</param>
/// <param name="Width">H, units of the residual stream.</param>
/// <param name="Blocks">Residual blocks.</param>
internal sealed record DiffusionShape(MixedLayout Layout, int Width, int Blocks)
{
    /// <summary>Features of time.</summary>
    public const int TimeFeatures = 17;

    public ParameterLayout Parameters { get; } = new(Specs(Layout, Width, Blocks));

    /// <summary>Starting values: random weights of the scale of their inputs; the untrained network draws independent columns.</summary>
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
                "input.weight" => 1 / Math.Sqrt(Layout.Count + TimeFeatures),
                "output.weight" => 0.1 / Math.Sqrt(Width),
                _ when spec.Name.EndsWith("up.weight", StringComparison.Ordinal) => Math.Sqrt(2.0 / Width),
                _ when spec.Name.EndsWith("down.weight", StringComparison.Ordinal) => 1 / Math.Sqrt(2.0 * Blocks * Width),
                _ => 0,
            };
            if (spec.Name.EndsWith(".gain", StringComparison.Ordinal)) values.Fill(1);
            else if (spec.Name == "output.bias") Layout.LogShares().CopyTo(values[Layout.Scalars..]);
            else if (scale > 0) for (var i = 0; i < values.Length; i++) values[i] = (float)(scale * random.NextGaussian());
        }

        return flat;
    }

    private static IEnumerable<ParameterSpec> Specs(MixedLayout layout, int width, int blocks)
    {
        // Noisy scalars, given scalars, which are given, symbols that are not masked, time.
        yield return new("input.weight", [width, layout.Scalars * 3 + layout.Tokens + TimeFeatures], true);
        yield return new("input.bias", [width], false);
        for (var b = 0; b < blocks; b++)
        {
            yield return new($"block{b}.norm.gain", [width], false);
            yield return new($"block{b}.norm.bias", [width], false);
            yield return new($"block{b}.up.weight", [2 * width, width], true);
            yield return new($"block{b}.up.bias", [2 * width], false);
            yield return new($"block{b}.down.weight", [width, 2 * width], true);
            yield return new($"block{b}.down.bias", [width], false);
        }

        yield return new("norm.gain", [width], false);
        yield return new("norm.bias", [width], false);
        yield return new("output.weight", [layout.Width, width], true);
        yield return new("output.bias", [layout.Width], false);
    }
}
