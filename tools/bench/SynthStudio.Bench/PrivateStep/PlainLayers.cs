using SynthStudio.Synthesis.DpSgd;
using SynthStudio.Synthesis.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SynthStudio.Bench.PrivateStep;

/// <summary>The same layers as ordinary training computes them: fused operations, gradients by autograd.</summary>
internal sealed class PlainLayers(ParameterSet parameters) : ILayers
{
    private readonly Dictionary<string, TorchSharp.Modules.EmbeddingBag> bags = [];

    public Tensor Linear(Tensor x, string weight, string? bias = null) => nn.functional.linear(x, parameters[weight], bias is null ? null : parameters[bias]);

    public Tensor Product(Tensor x, string weight) => x.matmul(parameters[weight]);

    public Tensor Bias(Tensor x, string bias) => x.add(parameters[bias], Scalars.One);

    public Tensor LayerNorm(Tensor x, string gain, string bias) => nn.functional.layer_norm(x, [x.shape[1]], parameters[gain], parameters[bias]);

    public Tensor EmbeddingSum(long[] ids, long[] offsets, string table, string? bias = null)
    {
        if (!bags.TryGetValue(table, out var bag))
        {
            bags.Add(table, bag = nn.EmbeddingBag(1, parameters[table].shape[1], mode: EmbeddingBagMode.Sum));
            bag.weight = parameters[table];
        }

        var sum = bag.call(from_array(ids), from_array(offsets));
        return bias is null ? sum : sum.add(parameters[bias], Scalars.One);
    }
}
