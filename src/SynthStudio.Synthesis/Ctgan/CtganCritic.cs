using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SynthStudio.Synthesis.Ctgan;

/// <summary>
/// The critic of packs of rows (PacGAN, arXiv:1712.04086): two layers with leaky relu and dropout, one output.
/// <code>y = w f2(W2 f1(W1 x + condition)), f = dropout(leaky relu)                      [P, 1] from packs x [P, pac (A + V)]</code>
/// It is piecewise linear, so its gradient by x is a product of the weights with the slopes at x. The gradient penalty (arXiv:1704.00028)
/// is written with that product: its derivative by the weights then needs no second differentiation. And as the first layer is linear, its
/// value at a point between two packs lies between its values at the packs.
/// </summary>
internal sealed class CtganCritic
{
    private const double Leak = 0.2, Dropout = 0.5, PenaltyWeight = 10;

    private readonly Tensor w1, condition, b1, w2, b2, w;

    /// <param name="parameters">Of both networks.</param>
    /// <param name="frozen">True while the generator learns: no gradients of the critic's own parameters.</param>
    public CtganCritic(ParameterSet parameters, bool frozen)
    {
        Tensor Get(string name) => frozen ? parameters["critic." + name].detach() : parameters["critic." + name];
        (w1, condition, b1, w2, b2, w) =
            (Get("0.weight"), Get("0.condition"), Get("0.bias"), Get("1.weight"), Get("1.bias"), Get("output.weight"));
    }

    /// <summary>Loss of the critic, the mean over packs: judges fake higher than real ones by as much as it can.</summary>
    /// <param name="real">[P, pac (A + V)].</param>
    /// <param name="fake">The same, a constant.</param>
    /// <param name="conditions">[P, pac], of both: condition + place in the pack * number of conditions.</param>
    /// <param name="noise">For dropout and the points between.</param>
    public Tensor Loss(Tensor real, Tensor fake, Tensor conditions, NoiseSource noise)
    {
        var offset = Offset(conditions);
        var (inReal, inFake) = (linear(real, w1), linear(fake, w1));
        var judged = Judge(inFake + offset, noise).mean() - Judge(inReal + offset, noise).mean();

        var share = noise.Uniform(real.shape[0], 1);
        using var between = (inReal.detach() * share + inFake.detach() * (1 - share)) + offset.detach();
        return judged + Penalty(between, noise) * PenaltyWeight;
    }

    /// <summary>Mean judgement of packs, [] from [P, pac (A + V)].</summary>
    public Tensor Judge(Tensor packs, Tensor conditions, NoiseSource noise) => Judge(linear(packs, w1) + Offset(conditions), noise).mean();

    private Tensor Offset(Tensor conditions) =>
        condition.index_select(0, conditions.flatten()).view(conditions.shape[0], conditions.shape[1], -1).sum(1) + b1;

    private Tensor Judge(Tensor first, NoiseSource noise)
    {
        var h = leaky_relu(first, Leak) * noise.Keep(Dropout, first.shape);
        h = leaky_relu(linear(h, w2, b2), Leak) * noise.Keep(Dropout, first.shape[0], w2.shape[0]);
        return h.matmul(w.t());
    }

    /// <summary>Mean of (norm of the gradient by x - 1)^2.</summary>
    /// <param name="first">Value of the first layer at x, [P, W].</param>
    /// <param name="noise">For dropout.</param>
    private Tensor Penalty(Tensor first, NoiseSource noise)
    {
        Tensor slope1, slope2;
        using (no_grad())
        {
            var keep = noise.Keep(Dropout, first.shape);
            slope1 = Slope(first) * keep;
            slope2 = Slope(linear(leaky_relu(first, Leak) * keep, w2, b2)) * noise.Keep(Dropout, first.shape[0], w2.shape[0]);
        }

        var gradient = ((slope2 * w).matmul(w2) * slope1).matmul(w1);
        var excess = (gradient.square().sum(1) + 1e-12).sqrt() - 1;
        return excess.square().mean();
    }

    private static Tensor Slope(Tensor x) => x.gt(0).to(ScalarType.Float32) * (1 - Leak) + Leak;
}
