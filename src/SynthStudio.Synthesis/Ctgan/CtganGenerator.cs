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
/// The products with the one-hot conditional vector c are rows of a table.
/// </summary>
internal sealed class CtganGenerator(CtganShape shape, ParameterSet parameters)
{
    /// <summary>Sharpness of the soft symbols the critic sees.</summary>
    private const float Temperature = 0.2f;

    private const double NormEpsilon = 1e-5;

    private readonly int width = shape.Sizes.GeneratorWidth;

    /// <summary>Means of the scalars [B, A] and logits of the symbols [B, V].</summary>
    /// <param name="z">[B, Z].</param>
    /// <param name="conditions">[B].</param>
    /// <param name="statistics">Mean and variance of both layers as calibrated; null takes those of the batch.</param>
    public (Tensor Scalars, Tensor Logits) Forward(Tensor z, Tensor conditions, NormStatistics? statistics = null)
    {
        var c = parameters["generator.condition"].index_select(0, conditions);
        var a = Norm(linear(z, parameters["generator.0.weight"]) + c.narrow(1, 0, width), 0, statistics).relu();
        var az = cat([a, z], 1);
        var b = Norm(linear(az, parameters["generator.1.weight"]) + c.narrow(1, width, width), 1, statistics).relu();
        var output = linear(cat([b, az], 1), parameters["generator.output.weight"], parameters["generator.output.bias"])
            + c.narrow(1, 2 * width, shape.Layout.Width);
        return (output.narrow(1, 0, shape.Layout.Scalars).tanh(), output.narrow(1, shape.Layout.Scalars, shape.Layout.Tokens));
    }

    /// <summary>Rows as the critic sees them, [B, A + V].</summary>
    public static Tensor Soften(Tensor scalars, Tensor logits, SpanSoftmax softmax, NoiseSource noise) =>
        cat([scalars, softmax.Of((logits + noise.Gumbel(logits.shape)) / Temperature)], 1);

    private Tensor Norm(Tensor x, int layer, NormStatistics? statistics)
    {
        statistics?.Observe(layer, x);
        var (mean, variance) = statistics?.Of(layer) is { } calibrated
            ? calibrated
            : (x.mean([0], keepdim: true), x.var(0, unbiased: false, keepdim: true));
        return (x - mean) * (variance + NormEpsilon).rsqrt() * parameters[$"generator.{layer}.norm.gain"] + parameters[$"generator.{layer}.norm.bias"];
    }
}
