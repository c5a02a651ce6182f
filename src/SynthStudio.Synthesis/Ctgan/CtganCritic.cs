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

    /// <summary>
    /// Operands of products: the weights; x [3 P, pac (A + V)], real packs, drawn ones, then the penalty's gradients by g; f1(h) [3 P, W], in the end with
    /// those by f1' v W2 in the place of the points between; the loss's gradients by the layers' values [3 P, W], with v and u of the points between.
    /// </summary>
    private readonly ProductMatrix w1, w2, x, f1, d2, d1;

    /// <summary>Products: of units [3 P, W], g or its like [P, pac (A + V)], and the weights' gradients.</summary>
    private readonly ProductMatrix product, gradients, byW1, byW2;

    /// <summary>What passes work on between the products: the layers' values and slopes [3 P, W], and g.</summary>
    private readonly float[] h, z, slopes1, slopes2, g;

    /// <param name="shape">The networks.</param>
    /// <param name="parameters">Of both networks.</param>
    /// <param name="packs">P.</param>
    public CtganCritic(CtganShape shape, ParameterSet parameters, int packs)
    {
        (this.parameters, this.packs, pac, width) = (parameters, packs, shape.Sizes.Pac, shape.Sizes.CriticWidth);
        var packWidth = pac * shape.Layout.Width;
        (w1, byW1, w2, byW2) = (new(width, packWidth), new(width, packWidth), new(width, width), new(width, width));
        (x, gradients) = (new(3 * packs, packWidth), new(packs, packWidth));
        (f1, d2, d1, product) = (new(3 * packs, width), new(3 * packs, width), new(3 * packs, width), new(3 * packs, width));
        float[] Units() => new float[3 * packs * width];
        (h, z, slopes1, slopes2, g) = (Units(), Units(), Units(), Units(), new float[packs * packWidth]);
    }

    /// <summary>
    /// Adds to the critic's gradients those of its loss on the packs, the mean judgement of drawn ones less that of real ones, and its penalty.
    /// </summary>
    /// <param name="judged">[2 P, pac (A + V)], real packs first, then drawn ones.</param>
    /// <param name="conditions">[P, pac], of both: condition + place in the pack * number of conditions.</param>
    /// <param name="share">Of the loss: 1 / shards.</param>
    /// <param name="random">For dropout and the points between.</param>
    /// <param name="byDrawn">Becomes the gradient of the mean judgement by the drawn packs, [P, pac (A + V)].</param>
    /// <returns>The loss.</returns>
    public double Accumulate(ReadOnlySpan<float> judged, ReadOnlySpan<long> conditions, float share, SeededStream random, Span<float> byDrawn)
    {
        using var none = no_grad();
        ReadOnlySpan<float> w = Values("output.weight"), b2 = Values("1.bias");
        Span<float> byW = Gradient("output.weight"), byB2 = Gradient("1.bias");
        w1.Write(Values("0.weight"));
        w2.Write(Values("1.weight"));

        // Forward, the points between last.
        x.Write(judged);
        product.SetProduct(x.Tensor.narrow(0, 0, 2 * packs), w1.Tensor.t()).CopyTo(h.AsSpan(0, 2 * packs * width));
        AddOffsets(h, conditions, random);
        LeakyDropout.Apply(h, slopes1, random);
        f1.Write(h);
        product.SetProduct(f1.Tensor, w2.Tensor.t()).CopyTo(z);
        for (var p = 0; p < 3 * packs; p++) TensorPrimitives.Add(Row(z, p), b2, Row(z, p));
        LeakyDropout.Apply(z, slopes2, random);

        // Back by W2 f1 + b2 of judged packs; v of the points between.
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
            loss += sign * TensorPrimitives.Dot<float>(row, w);
            TensorPrimitives.MultiplyAdd(row, sign, byW, byW);
            TensorPrimitives.Multiply(slopes, w, row);
            TensorPrimitives.Multiply(row, sign, row);
            TensorPrimitives.Add(byB2, row, byB2);
        }

        // By h of judged packs; u of the points between.
        d2.Write(z);
        product.SetProduct(d2.Tensor, w2.Tensor).CopyTo(h);
        TensorPrimitives.Multiply(h, slopes1, h);
        CollectOffsets(h, conditions);
        d1.Write(h);
        gradients.SetProduct(Between(d1), w1.Tensor).CopyTo(g);
        loss += Penalty(share);

        // The penalty's way back through u and v. W1 is in two products, W1 x and u W1, and so is W2: W2 f1 and v W2.
        x.Write(g, 2 * packs);
        Span<float> byU = h.AsSpan(0, packs * width), byV = z.AsSpan(0, packs * width);
        product.SetProduct(Between(x), w1.Tensor.t()).CopyTo(byU);
        TensorPrimitives.Multiply(byU, slopes1.AsSpan(2 * packs * width), byU);
        f1.Write(byU, 2 * packs);
        product.SetProduct(Between(f1), w2.Tensor.t()).CopyTo(byV);
        for (var p = 0; p < packs; p++) TensorPrimitives.MultiplyAdd(Row(byV, p), Row(slopes2, 2 * packs + p), byW, byW);
        byW1.SetProduct(d1.Tensor.t(), x.Tensor).AddTo(Gradient("0.weight"));
        byW2.SetProduct(d2.Tensor.t(), f1.Tensor).AddTo(Gradient("1.weight"));

        gradients.SetProduct(d1.Tensor.narrow(0, packs, packs), w1.Tensor).CopyTo(byDrawn);
        TensorPrimitives.Divide(byDrawn, share, byDrawn);
        return loss;
    }

    public void Dispose()
    {
        foreach (var matrix in (ProductMatrix[])[w1, w2, x, f1, d2, d1, product, gradients, byW1, byW2]) matrix.Dispose();
    }

    private Tensor Between(ProductMatrix rows) => rows.Tensor.narrow(0, 2 * packs, packs);

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

    /// <summary>The penalty of gradients g, which become its derivative by them.</summary>
    private double Penalty(float share)
    {
        double penalty = 0;
        var length = g.Length / packs;
        for (var p = 0; p < packs; p++)
        {
            var one = g.AsSpan(p * length, length);
            var norm = MathF.Sqrt(TensorPrimitives.SumOfSquares<float>(one) + 1e-12f);
            penalty += (norm - 1) * (norm - 1);
            TensorPrimitives.Multiply(one, (norm - 1) / norm * 2 * PenaltyWeight * share / packs, one);
        }

        return penalty * PenaltyWeight * share / packs;
    }

    private Span<float> Row(Span<float> values, int row) => values.Slice(row * width, width);

    private Span<float> Values(string name) => TensorValues.Memory(parameters["critic." + name]);

    private Span<float> Gradient(string name) => TensorValues.Memory(parameters["critic." + name].grad!);
}
