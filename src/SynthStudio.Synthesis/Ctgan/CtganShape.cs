using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Synthesis.Training;

namespace SynthStudio.Synthesis.Ctgan;

/// <summary>Sizes of generator and critic.</summary>
internal sealed record CtganSizes(int GeneratorWidth, int CriticWidth, int EmbeddingDim, int Pac);

/// <summary>Both networks' parameters.</summary>
/// <param name="Layout">Outputs of the generator.</param>
/// <param name="Conditions">What the conditional vector can hold.</param>
/// <param name="Sizes">Of the networks.</param>
internal sealed record CtganShape(MixedLayout Layout, ConditionLayout Conditions, CtganSizes Sizes)
{
    /// <summary>Groups of parameters: what a phase of a step updates.</summary>
    public const int Generator = 0, Critic = 1;

    private int Inner => Sizes.GeneratorWidth;

    public ParameterLayout Parameters { get; } = new(Specs(Layout, Conditions, Sizes));

    /// <summary>Starting values: uniform within 1 / sqrt(inputs), as published, and the symbols' biases at the log marginals.</summary>
    public float[] Initial(long seed)
    {
        var flat = new float[Parameters.Count];
        var number = 0;
        foreach (var spec in Parameters.Specs)
        {
            var values = flat.AsSpan((int)Parameters.OffsetOf(spec.Name), (int)spec.Count);
            var random = new SeededStream(seed, StreamPurpose.InitialWeights, number++);
            if (spec.Name.EndsWith(".gain", StringComparison.Ordinal)) values.Fill(1);
            else if (spec.Name.EndsWith(".weight", StringComparison.Ordinal) || spec.Name.EndsWith(".condition", StringComparison.Ordinal))
            {
                var inputs = spec.Name.EndsWith(".condition", StringComparison.Ordinal) ? Inner : spec.Shape[^1];
                for (var i = 0; i < values.Length; i++) values[i] = (float)((2 * random.NextDouble() - 1) / Math.Sqrt(inputs));
            }
            else if (spec.Name == "generator.output.bias") Layout.LogShares().CopyTo(values[Layout.Scalars..]);
        }

        return flat;
    }

    private static IEnumerable<ParameterSpec> Specs(MixedLayout layout, ConditionLayout conditions, CtganSizes sizes)
    {
        int h = sizes.GeneratorWidth, z = sizes.EmbeddingDim, w = sizes.CriticWidth;
        yield return new("generator.0.weight", [h, z], true);
        yield return new("generator.0.norm.gain", [h], false);
        yield return new("generator.0.norm.bias", [h], false);
        yield return new("generator.1.weight", [h, h + z], true);
        yield return new("generator.1.norm.gain", [h], false);
        yield return new("generator.1.norm.bias", [h], false);
        yield return new("generator.output.weight", [layout.Width, h + h + z], true);
        yield return new("generator.output.bias", [layout.Width], false);

        // The conditional vector is one-hot: its product with all three layers' weights is one row of this table.
        yield return new("generator.condition", [Math.Max(conditions.Count, 1), h + h + layout.Width], true);
        yield return new("critic.0.weight", [w, sizes.Pac * layout.Width], true, Critic);
        yield return new("critic.0.condition", [sizes.Pac * Math.Max(conditions.Count, 1), w], true, Critic);
        yield return new("critic.0.bias", [w], false, Critic);
        yield return new("critic.1.weight", [w, w], true, Critic);
        yield return new("critic.1.bias", [w], false, Critic);
        yield return new("critic.output.weight", [1, w], true, Critic);
    }
}
