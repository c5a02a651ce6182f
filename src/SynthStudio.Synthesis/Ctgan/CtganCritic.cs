using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SynthStudio.Synthesis.Ctgan;

/// <summary>
/// The critic of packs of rows (PacGAN, arXiv:1712.04086): two layers with leaky relu and dropout, one output.
/// <code>
/// h = W1 x + condition;  y = w f2(W2 f1(h)), f = dropout(leaky relu)                     [P, 1] from packs x [P, pac (A + V)]
/// </code>
/// It is piecewise linear, so its gradient by x is a product of the weights with the slopes at x: u W1 with u = f1' W2 (f2' w). The gradient penalty
/// (arXiv:1704.00028), mean of (|u W1| - 1)^2, is written with that product, and needs no second differentiation. As the first layer is linear, h at a
/// point between two packs lies between its values at the packs. Nearly all of the work is in products with W1, the widest matrix: they are written
/// out, each done once.
/// </summary>
/// <param name="parameters">Of both networks.</param>
internal sealed class CtganCritic(ParameterSet parameters)
{
    private const double Leak = 0.2, Dropout = 0.5, PenaltyWeight = 10;

    /// <summary>
    /// Adds to the critic's gradients those of its loss on the packs, the mean judgement of drawn ones less that of real ones, and its penalty.
    /// </summary>
    /// <param name="packs">[2 P, pac (A + V)], real ones first, then drawn ones.</param>
    /// <param name="conditions">[P, pac], of both: condition + place in the pack * number of conditions.</param>
    /// <param name="share">Of the loss: 1 / shards.</param>
    /// <param name="noise">For dropout and the points between.</param>
    /// <returns>The loss, and the gradient of the mean judgement by the drawn packs, [P, pac (A + V)].</returns>
    public (double Loss, Tensor ByDrawn) Accumulate(Tensor packs, Tensor conditions, double share, NoiseSource noise)
    {
        var (x, w1) = (Matrices.Operand(packs), Matrices.Operand(parameters["critic.0.weight"].detach()));
        var count = packs.shape[0] / 2;
        var first = Matrices.Product(x, w1.t()).requires_grad_(true);
        var h = (first.view(2, count, -1) + Offset(conditions)).view(2 * count, -1);
        var judged = Judge(h, noise).view(2, count).mean([1L]);
        var loss = (judged[1] - judged[0]) * share;

        var between = noise.Uniform(count, 1);
        var u = Slopes(lerp(h.narrow(0, 0, count), h.narrow(0, count, count), between).detach(), noise);
        var (penalty, byU, byGradient) = Penalty(Matrices.Operand(u.detach()), w1);
        autograd.backward([loss, u], [ones_like(loss), byU * (PenaltyWeight * share)]);

        // W1 is in two products: W1 x, and u W1.
        var left = cat([Matrices.Operand(first.grad!), Matrices.Operand(u.detach())]);
        var right = cat([x, Matrices.Operand(byGradient * (PenaltyWeight * share))]);
        parameters["critic.0.weight"].grad!.add_(Matrices.Product(left.t(), right), Scalars.One);
        var byDrawn = Matrices.Product(Matrices.Operand(first.grad!.narrow(0, count, count) / share), w1);
        return (loss.item<float>() + penalty.item<float>() * PenaltyWeight * share, byDrawn);
    }

    private Tensor Offset(Tensor conditions) =>
        parameters["critic.0.condition"].index_select(0, conditions.flatten()).view(conditions.shape[0], conditions.shape[1], -1).sum(1) + parameters["critic.0.bias"];

    private Tensor Judge(Tensor first, NoiseSource noise)
    {
        var h = leaky_relu(first, Leak) * noise.Keep(Dropout, first.shape);
        h = leaky_relu(linear(h, parameters["critic.1.weight"], parameters["critic.1.bias"]), Leak) * noise.Keep(Dropout, first.shape[0], Width);
        return h.matmul(parameters["critic.output.weight"].t());
    }

    /// <summary>u, [P, W], from the value of the first layer.</summary>
    private Tensor Slopes(Tensor first, NoiseSource noise)
    {
        Tensor slope1, slope2;
        using (no_grad())
        {
            var keep = noise.Keep(Dropout, first.shape);
            slope1 = Slope(first) * keep;
            var second = linear(leaky_relu(first, Leak) * keep, parameters["critic.1.weight"], parameters["critic.1.bias"]);
            slope2 = Slope(second) * noise.Keep(Dropout, first.shape[0], Width);
        }

        return (slope2 * parameters["critic.output.weight"]).matmul(parameters["critic.1.weight"]) * slope1;
    }

    /// <summary>Mean of (|g| - 1)^2 with g = u W1, and its gradients by u and by g.</summary>
    private static (Tensor Value, Tensor ByU, Tensor ByGradient) Penalty(Tensor u, Tensor w1)
    {
        using var none = no_grad();
        var g = Matrices.Product(u, w1);
        var norm = (g.square().sum(1, keepdim: true) + 1e-12).sqrt();
        var byGradient = g * ((norm - 1) / norm * (2.0 / u.shape[0]));
        return ((norm - 1).square().mean(), Matrices.Product(Matrices.Operand(byGradient), w1.t()), byGradient);
    }

    private static Tensor Slope(Tensor x) => x.gt(0).to(ScalarType.Float32) * (1 - Leak) + Leak;

    private long Width => parameters["critic.1.weight"].shape[0];
}
