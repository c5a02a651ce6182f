using SynthStudio.Synthesis.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.DpSgd;

/// <summary>
/// The layers of one forward pass on records. A record may be seen several times in it, in several guises (T passes a record, its rows next to each
/// other: [B T, …]); its gradient is then the sum over them. The parameters stand outside of autograd; each layer keeps its input a and its output, whose
/// gradient b is all that is needed: the norm of a record's gradient follows from a and b without the gradient itself ("ghost norm"; Goodfellow,
/// arXiv:1510.01799; Li et al., arXiv:2110.05679), and the clipped sum of all records' gradients from the same a and b with b scaled
/// ("book-keeping"; Bu et al., arXiv:2210.00038). One backward pass, no gradient of a single record.
/// </summary>
/// <param name="parameters">Trainable.</param>
/// <param name="passes">T.</param>
internal sealed class TappedLayers(ParameterSet parameters, int passes = 1) : ILayers
{
    /// <summary>Modules only borrow their tables.</summary>
    private readonly Dictionary<string, TorchSharp.Modules.EmbeddingBag> bags = new(StringComparer.Ordinal);

    private readonly List<Tap> taps = [];
    private readonly HashSet<string> covered = new(StringComparer.Ordinal);

    /// <summary>T: rows of each record.</summary>
    public int Passes => passes;

    /// <summary>The layers used since <see cref="Clear"/>.</summary>
    public IReadOnlyList<Tap> Taps => taps;

    /// <summary>Names of the parameters whose gradients are clipped.</summary>
    public IReadOnlySet<string> Covered => covered;

    /// <summary>Begins the next forward pass.</summary>
    public void Clear()
    {
        taps.Clear();
        covered.Clear();
    }

    public Tensor Linear(Tensor x, string weight, string? bias = null)
    {
        var output = Output(nn.functional.linear(x, Take(weight), bias is null ? null : Take(bias)));
        return Add(new LinearTap(x.detach(), output, Gradient(weight), bias is null ? null : Gradient(bias), transposed: false));
    }

    public Tensor Product(Tensor x, string weight) =>
        Add(new LinearTap(x.detach(), Output(x.matmul(Take(weight))), Gradient(weight), null, transposed: true));

    public Tensor Bias(Tensor x, string bias) => Add(new BiasTap(Output(x.add(Take(bias), Scalars.One)), Gradient(bias)));

    public Tensor LayerNorm(Tensor x, string gain, string bias)
    {
        var normal = nn.functional.layer_norm(x, [x.shape[1]]);
        var output = Output(Take(bias).addcmul(normal, Take(gain), Scalars.One));
        return Add(new NormTap(normal.detach(), output, Gradient(gain), Gradient(bias)));
    }

    public Tensor EmbeddingSum(long[] ids, long[] offsets, string table, string? bias = null)
    {
        Take(table);
        var weight = parameters[table];
        if (!bags.TryGetValue(table, out var bag))
        {
            bags.Add(table, bag = nn.EmbeddingBag(1, weight.shape[1], mode: EmbeddingBagMode.Sum));
            bag.weight = weight;
        }

        var sum = bag.call(from_array(ids, device: weight.device), from_array(offsets, device: weight.device));
        var output = bias is null ? sum.detach() : sum.detach().add(Take(bias), Scalars.One);
        return Add(new EmbeddingTap(sum, Output(output), ids, offsets, passes, Gradient(table), bias is null ? null : Gradient(bias)));
    }

    /// <summary>The parameter, unknown to autograd. Used twice its two gradients would have to be added before the norm is taken: refused.</summary>
    private Tensor Take(string name) => covered.Add(name)
        ? parameters[name].detach()
        : throw new SynthesisException(SynthesisError.NotPrivate, $"The parameter '{name}' is used by two layers: its gradient cannot be clipped.", name);

    private Tensor Gradient(string name) => parameters[name].grad!;

    /// <summary>The first layers have inputs that autograd does not follow: their outputs begin the graph.</summary>
    private static Tensor Output(Tensor output) => output.requires_grad ? output : output.requires_grad_();

    private Tensor Add(Tap tap)
    {
        taps.Add(tap);
        return tap.Output;
    }
}
