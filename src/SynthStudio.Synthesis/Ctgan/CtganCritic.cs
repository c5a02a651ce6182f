using System.Numerics.Tensors;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace SynthStudio.Synthesis.Ctgan;

/// <summary>
/// The critic of packs of rows (PacGAN, arXiv:1712.04086): two layers with leaky relu and dropout, one output.
/// <code>
/// h = W1 x + condition + b1;  y = w f2(W2 f1(h) + b2), f = dropout(leaky relu)           [P, 1] from packs x [P, pac (A + V)]
/// </code>
/// It is piecewise linear, so its gradient by x is a product of the weights with the slopes at x: g = u W1 with u = f1' v W2, v = f2' w. The gradient
/// penalty (arXiv:1704.00028), mean of (|g| - 1)^2, is written with that product, and needs no second differentiation. As the first layer is linear, h at
/// a point between two packs lies between its values at the packs. All derivatives are written out: real packs, drawn ones and the points between go
/// through every product of matrices together, what is between the products are passes over plain arrays. On the CPU, for one thread.
/// </summary>
internal sealed class CtganCritic : IDisposable
{
    private const float PenaltyWeight = 10;

    private readonly ParameterSet parameters;
    private readonly int packs, pac, width;
    private readonly Tensor hidden, inputs, activations;
    private readonly float[] slopes1, slopes2;

    /// <param name="shape">The networks.</param>
    /// <param name="parameters">Of both networks.</param>
    /// <param name="packs">P.</param>
    public CtganCritic(CtganShape shape, ParameterSet parameters, int packs)
    {
        (this.parameters, this.packs, pac, width) = (parameters, packs, shape.Sizes.Pac, shape.Sizes.CriticWidth);
        hidden = empty(3 * packs, width).DetachFromDisposeScope();
        inputs = Matrices.Operands(3 * packs, pac * shape.Layout.Width);
        activations = Matrices.Operands(3 * packs, width);
        (slopes1, slopes2) = (new float[3 * packs * width], new float[3 * packs * width]);
    }

    /// <summary>
    /// Adds to the critic's gradients those of its loss on the packs, the mean judgement of drawn ones less that of real ones, and its penalty.
    /// </summary>
    /// <param name="x">[2 P, pac (A + V)], real packs first, then drawn ones.</param>
    /// <param name="conditions">[P, pac], of both: condition + place in the pack * number of conditions.</param>
    /// <param name="share">Of the loss: 1 / shards.</param>
    /// <param name="random">For dropout and the points between.</param>
    /// <returns>The loss, and the gradient of the mean judgement by the drawn packs, [P, pac (A + V)].</returns>
    public (double Loss, Tensor ByDrawn) Accumulate(Tensor x, ReadOnlySpan<long> conditions, float share, SeededStream random)
    {
        using var none = no_grad();
        Tensor w1 = Matrices.Operand(parameters["critic.0.weight"]), w2 = Matrices.Operand(parameters["critic.1.weight"]);
        ReadOnlySpan<float> w = Values("output.weight"), b2 = Values("1.bias");
        Span<float> byW = Gradient("output.weight"), byB2 = Gradient("1.bias");

        // Forward: rows of f1(h) and of f2(..), the points between last.
        Judged(inputs).copy_(x);
        Judged(hidden).copy_(Judged(inputs).matmul(w1.t()));
        var h = TensorValues.Memory(hidden);
        AddOffsets(h, conditions, random);
        LeakyDropout.Apply(h, slopes1, random);
        activations.copy_(hidden);
        var second = Matrices.Product(activations, w2.t());
        var z = TensorValues.Memory(second);
        for (var p = 0; p < 3 * packs; p++) TensorPrimitives.Add(Row(z, p), b2, Row(z, p));
        LeakyDropout.Apply(z, slopes2, random);

        // Judgement, and back: of judged packs by W2 f1 + b2, of the points between v.
        double loss = 0;
        for (var p = 0; p < 3 * packs; p++)
        {
            Span<float> row = Row(z, p), slopes = Row(slopes2, p);
            if (p >= 2 * packs)
            {
                TensorPrimitives.Multiply(slopes, w, row);
                continue;
            }

            var sign = (p < packs ? -share : share) / packs;
            loss += sign * TensorPrimitives.Dot(row, w);
            TensorPrimitives.MultiplyAdd(row, sign, byW, byW);
            TensorPrimitives.Multiply(slopes, w, row);
            TensorPrimitives.Multiply(row, sign, row);
            TensorPrimitives.Add(byB2, row, byB2);
        }

        // By h of judged packs, and u of the points between.
        var bySecond = Matrices.Operand(second);
        var first = Matrices.Product(bySecond, w2);
        var d = TensorValues.Memory(first);
        TensorPrimitives.Multiply(d, slopes1, d);
        CollectOffsets(d, conditions);
        var byFirst = Matrices.Operand(first);
        var gradient = Matrices.Product(Between(byFirst), w1);
        loss += Penalty(TensorValues.Memory(gradient), share);
        Between(inputs).copy_(gradient);

        // The penalty's way back through u and v.
        var byU = Matrices.Product(Between(inputs), w1.t());
        TensorPrimitives.Multiply(TensorValues.Memory(byU), slopes1.AsSpan(2 * packs * width), TensorValues.Memory(byU));
        Between(activations).copy_(byU);
        var byV = Matrices.Product(Between(activations), w2.t());
        for (var p = 0; p < packs; p++) TensorPrimitives.MultiplyAdd(Row(TensorValues.Memory(byV), p), Row(slopes2, 2 * packs + p), byW, byW);

        // W1 is in two products, W1 x and u W1, and so is W2: W2 f1(h) and v W2.
        parameters["critic.0.weight"].grad!.add_(Matrices.Product(byFirst.t(), inputs), Scalars.One);
        parameters["critic.1.weight"].grad!.add_(Matrices.Product(bySecond.t(), activations), Scalars.One);
        return (loss, Matrices.Product(byFirst.narrow(0, packs, packs), w1).div_(share));
    }

    public void Dispose()
    {
        hidden.Dispose();
        inputs.Dispose();
        activations.Dispose();
    }

    private Tensor Judged(Tensor rows) => rows.narrow(0, 0, 2 * packs);

    private Tensor Between(Tensor rows) => rows.narrow(0, 2 * packs, packs);

    /// <summary>Adds bias and conditions to W1 x, and writes h of the points between.</summary>
    private void AddOffsets(Span<float> h, ReadOnlySpan<long> conditions, SeededStream random)
    {
        ReadOnlySpan<float> bias = Values("0.bias"), table = Values("0.condition");
        Span<float> offset = new float[width];
        for (var p = 0; p < packs; p++)
        {
            bias.CopyTo(offset);
            foreach (var condition in conditions.Slice(p * pac, pac)) TensorPrimitives.Add(offset, table.Slice((int)condition * width, width), offset);
            TensorPrimitives.Add(Row(h, p), offset, Row(h, p));
            TensorPrimitives.Add(Row(h, packs + p), offset, Row(h, packs + p));
            TensorPrimitives.Lerp(Row(h, p), Row(h, packs + p), random.NextSingle(), Row(h, 2 * packs + p));
        }
    }

    private void CollectOffsets(Span<float> byH, ReadOnlySpan<long> conditions)
    {
        Span<float> bias = Gradient("0.bias"), table = Gradient("0.condition"), both = new float[width];
        for (var p = 0; p < packs; p++)
        {
            TensorPrimitives.Add(Row(byH, p), Row(byH, packs + p), both);
            TensorPrimitives.Add(bias, both, bias);
            foreach (var condition in conditions.Slice(p * pac, pac))
            {
                var row = table.Slice((int)condition * width, width);
                TensorPrimitives.Add(row, both, row);
            }
        }
    }

    /// <summary>The penalty of gradients g, [P, pac (A + V)], which become its derivative by them.</summary>
    private double Penalty(Span<float> gradients, float share)
    {
        double penalty = 0;
        var length = gradients.Length / packs;
        for (var p = 0; p < packs; p++)
        {
            var g = gradients.Slice(p * length, length);
            var norm = MathF.Sqrt(TensorPrimitives.SumOfSquares<float>(g) + 1e-12f);
            penalty += (norm - 1) * (norm - 1);
            TensorPrimitives.Multiply(g, (norm - 1) / norm * 2 * PenaltyWeight * share / packs, g);
        }

        return penalty * PenaltyWeight * share / packs;
    }

    private Span<float> Row(Span<float> values, int row) => values.Slice(row * width, width);

    private Span<float> Values(string name) => TensorValues.Memory(parameters["critic." + name]);

    private Span<float> Gradient(string name) => TensorValues.Memory(parameters["critic." + name].grad!);
}
