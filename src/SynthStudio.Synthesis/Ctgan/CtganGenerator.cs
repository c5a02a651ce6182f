using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SynthStudio.Synthesis.Ctgan;

/// <summary>
/// The generator: two residual layers whose outputs are concatenated with their inputs, then one linear layer.
/// <code>
/// a = relu(norm(W [z, c]));  b = relu(norm(W [a, z, c]));  output = W [b, a, z, c]           [B, A + V]
/// scalars = tanh(output),  symbols = softmax((output + Gumbel noise) / 0.2)
/// </code>
/// The products with the one-hot conditional vector c are rows of a table. Training has the same network with its derivative, <see cref="GeneratorStep"/>.
/// </summary>
internal sealed class CtganGenerator(CtganShape shape, ParameterSet parameters)
{
    public const double NormEpsilon = 1e-5;

    private readonly int width = shape.Sizes.GeneratorWidth;

    /// <summary>Means of the scalars [B, A] and logits of the symbols [B, V].</summary>
    /// <param name="z">[B, Z].</param>
    /// <param name="conditions">[B].</param>
    /// <param name="statistics">Mean and variance of both layers as calibrated; null takes those of the batch.</param>
    public (Tensor Scalars, Tensor Logits) Forward(Tensor z, Tensor conditions, NormStatistics? statistics = null)
    {
        var c = parameters["generator.condition"].index_select(0, conditions).split([width, width, shape.Layout.Width], 1);
        var a = Norm(Matrices.Linear(z, parameters["generator.0.weight"]) + c[0], 0, statistics).relu();
        var az = cat([a, z], 1);
        var b = Norm(Matrices.Linear(az, parameters["generator.1.weight"]) + c[1], 1, statistics).relu();
        var output = Matrices.Linear(cat([b, az], 1), parameters["generator.output.weight"]) + parameters["generator.output.bias"] + c[2];
        return (output.narrow(1, 0, shape.Layout.Scalars).tanh(), output.narrow(1, shape.Layout.Scalars, shape.Layout.Tokens));
    }

    /// <summary>Rows as the critic sees them, [B, A + V].</summary>
    public static Tensor Soften(Tensor scalars, Tensor logits, SpanSoftmax softmax, NoiseSource noise) =>
        cat([scalars, softmax.Of((logits + noise.Gumbel(logits.shape)) / GeneratorHeads.Temperature)], 1);

    private Tensor Norm(Tensor x, int layer, NormStatistics? statistics)
    {
        var (gain, bias) = (parameters[$"generator.{layer}.norm.gain"], parameters[$"generator.{layer}.norm.bias"]);
        statistics?.Observe(layer, x);
        return statistics?.Of(layer) is var (mean, variance)
            ? (x - mean) * (variance + NormEpsilon).rsqrt() * gain + bias
            : batch_norm(x, null, null, gain, bias, training: true, eps: NormEpsilon);
    }
}
