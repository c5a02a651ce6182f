using SynthStudio.Synthesis.DpSgd;
using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SynthStudio.Synthesis.DpCtgan;

/// <summary>
/// The critic of single rows, y = w f(W2 f(W1 x + b1) + b2) with f leaky relu. No packs of rows: a record would sit in a pack with others, and its
/// gradient could not be clipped alone. No dropout: its coins would be the record's, and it is needless where noise is added anyway.
/// </summary>
internal static class DpCtganCritic
{
    private const double Leak = 0.2;

    /// <summary>Judgement of rows, [R, 1] from [R, A + V], by layers that can be clipped.</summary>
    public static Tensor Judge(Tensor rows, ILayers layers)
    {
        // The condition's table has one row, as there are no conditions: it is one more bias.
        var (ids, offsets) = (new long[rows.shape[0]], new long[rows.shape[0]]);
        for (var i = 0; i < offsets.Length; i++) offsets[i] = i;
        var h = layers.Linear(rows, "critic.0.weight", "critic.0.bias").add(layers.EmbeddingSum(ids, offsets, "critic.0.condition"), Scalars.One);
        h = layers.Linear(leaky_relu(h, Leak), "critic.1.weight", "critic.1.bias");
        return layers.Linear(leaky_relu(h, Leak), "critic.output.weight");
    }

    /// <summary>The same for the generator's sake: no gradients of the critic's own parameters.</summary>
    public static Tensor Judge(Tensor rows, ParameterSet parameters)
    {
        Tensor Get(string name) => parameters["critic." + name].detach();
        return linear(leaky_relu(linear(leaky_relu(First(rows, Get), Leak), Get("1.weight"), Get("1.bias")), Leak), Get("output.weight"));
    }

    /// <summary>
    /// Mean of (norm of the gradient by the row - 1)^2 at drawn rows: no record is needed for it, so it costs no privacy. As the critic is piecewise
    /// linear, the gradient is a product of its weights with its slopes.
    /// </summary>
    public static Tensor Penalty(Tensor fake, ParameterSet parameters)
    {
        Tensor Get(string name) => parameters["critic." + name];
        Tensor slope1, slope2;
        using (no_grad())
        {
            var first = First(fake, Get);
            slope1 = Slope(first);
            slope2 = Slope(linear(leaky_relu(first, Leak), Get("1.weight"), Get("1.bias")));
        }

        var gradient = ((slope2 * Get("output.weight")).matmul(Get("1.weight")) * slope1).matmul(Get("0.weight"));
        var excess = (gradient.square().sum(1) + 1e-12).sqrt() - 1;
        return excess.square().mean();
    }

    private static Tensor First(Tensor rows, Func<string, Tensor> get) => linear(rows, get("0.weight"), get("0.bias")) + get("0.condition");

    private static Tensor Slope(Tensor x) => x.gt(0).to(ScalarType.Float32) * (1 - Leak) + Leak;
}
