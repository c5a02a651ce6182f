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
/// a point between two packs lies between its values at the packs. All derivatives are written out: real packs, drawn ones and the points between go through
/// every product of matrices together, what is between the products are passes over plain arrays. On the CPU, for one thread.
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

    /// <summary>What the products become: of units [3 P, W], the gradients by drawn packs, then g [2 P, pac (A + V)], and the weights' gradients.</summary>
    private readonly ProductMatrix product, gradients, byW1, byW2;

    /// <summary>The products, in the order in which they are computed.</summary>
    private readonly MatrixProduct firstLayer, secondLayer, byFirstLayer, byX, byU, byV, firstWeights, secondWeights;

    /// <summary>The first layer's values, and its slopes [3 P, W]; the second one's at the points between [P, W].</summary>
    private readonly float[] h, slopes1, slopes2;

    /// <summary>Room for a row of units, and of x.</summary>
    private readonly float[] units, otherUnits, pack;

    /// <param name="shape">The networks.</param>
    /// <param name="parameters">Of both networks.</param>
    /// <param name="packs">P, of real rows and of drawn ones; there are as many points between.</param>
    public CtganCritic(CtganShape shape, ParameterSet parameters, int packs)
    {
        (this.parameters, this.packs) = (parameters, packs);
        (pac, width) = (shape.Sizes.Pac, shape.Sizes.CriticWidth);
        int packWidth = pac * shape.Layout.Width, all = 3 * packs;
        (w1, byW1, w2, byW2) = (new(width, packWidth), new(width, packWidth), new(width, width), new(width, width));
        (x, gradients) = (new(all, packWidth), new(2 * packs, packWidth));
        (f1, d2, d1, product) = (new(all, width), new(all, width), new(all, width), new(all, width));
        Tensor Between(ProductMatrix rows) => rows.Rows(2 * packs, packs);
        firstLayer = new(product, x.Rows(0, 2 * packs), w1.Transposed);
        secondLayer = new(product, f1.Tensor, w2.Transposed);
        byFirstLayer = new(product, d2.Tensor, w2.Tensor);
        byX = new(gradients, d1.Rows(packs, 2 * packs), w1.Tensor);
        byU = new(product, Between(x), w1.Transposed);
        byV = new(product, Between(f1), w2.Transposed);
        firstWeights = new(byW1, d1.Transposed, x.Tensor);
        secondWeights = new(byW2, d2.Transposed, f1.Tensor);
        (h, slopes1, slopes2) = (new float[all * width], new float[all * width], new float[packs * width]);
        (units, otherUnits, pack) = (new float[width], new float[width], new float[packWidth]);
    }

    /// <summary>
    /// Adds to the critic's gradients those of its loss on the packs, the mean judgement of drawn ones less that of real ones, and its penalty.
    /// </summary>
    /// <param name="judged">[2 P, pac (A + V)], real packs first, then drawn ones.</param>
    /// <param name="conditions">[P, pac], of both: condition + place in the pack * number of conditions.</param>
    /// <param name="share">Of the loss: 1 / shards.</param>
    /// <param name="random">For dropout and the points between.</param>
    /// <param name="byDrawn">Becomes the gradient by the drawn packs of their mean judgement's share, [P, pac (A + V)].</param>
    /// <returns>The loss.</returns>
    public double Accumulate(ReadOnlySpan<float> judged, ReadOnlySpan<long> conditions, float share, SeededStream random, Span<float> byDrawn)
    {
        using var none = no_grad();
        var byW = Gradient("output.weight");
        w1.Write(Values("0.weight"));
        w2.Write(Values("1.weight"));
        x.Write(judged);
        firstLayer.Compute();
        ForwardFirstLayer(conditions, random);
        secondLayer.Compute();
        var loss = JudgeAndBack(share, random, byW);
        byFirstLayer.Compute();
        BackwardFirstLayer(conditions);
        byX.Compute().CopyTo(byDrawn);
        loss += Penalty(share);

        // The penalty's way back through u and v. W1 is in two products, W1 x and u W1, and so is W2: W2 f1 and v W2.
        byU.Compute();
        for (var p = 0; p < packs; p++)
        {
            product.CopyRowTo(p, units);
            TensorPrimitives.Multiply(units, Row(slopes1, 2 * packs + p), units);
            f1.WriteRow(2 * packs + p, 0, units);
        }

        byV.Compute();
        for (var p = 0; p < packs; p++)
        {
            product.CopyRowTo(p, units);
            TensorPrimitives.MultiplyAdd(units, Row(slopes2, p), byW, byW);
        }

        firstWeights.Compute().AddTo(Gradient("0.weight"));
        secondWeights.Compute().AddTo(Gradient("1.weight"));
        return loss;
    }

    public void Dispose()
    {
        foreach (var matrix in (ProductMatrix[])[w1, w2, x, f1, d2, d1, product, gradients, byW1, byW2]) matrix.Dispose();
    }

    /// <summary>From W1 x to f1(h): adds bias and conditions, and h of the points between.</summary>
    private void ForwardFirstLayer(ReadOnlySpan<long> conditions, SeededStream random)
    {
        ReadOnlySpan<float> bias = Values("0.bias"), table = Values("0.condition");
        for (var p = 0; p < packs; p++)
        {
            Span<float> real = Row(h, p), drawn = Row(h, packs + p);
            product.CopyRowTo(p, real);
            product.CopyRowTo(packs + p, drawn);
            bias.CopyTo(units);
            foreach (var condition in conditions.Slice(p * pac, pac)) TensorPrimitives.Add(units, table.Slice((int)condition * width, width), units);
            TensorPrimitives.Add(real, units, real);
            TensorPrimitives.Add(drawn, units, drawn);
            TensorPrimitives.Lerp(real, drawn, random.NextSingle(), Row(h, 2 * packs + p));
        }

        for (var p = 0; p < 3 * packs; p++)
        {
            LeakyDropout.Apply(Row(h, p), Row(slopes1, p), random);
            f1.WriteRow(p, 0, Row(h, p));
        }
    }

    /// <summary>From W2 f1 to the judgements, and back to the gradients by W2 f1 + b2 of judged packs, and v of the points between.</summary>
    /// <returns>The judgements' part of the loss.</returns>
    private double JudgeAndBack(float share, SeededStream random, Span<float> byW)
    {
        ReadOnlySpan<float> w = Values("output.weight"), b2 = Values("1.bias");
        var byB2 = Gradient("1.bias");
        double loss = 0;
        for (var p = 0; p < 3 * packs; p++)
        {
            var slopes = p < 2 * packs ? otherUnits : Row(slopes2, p - 2 * packs);
            product.CopyRowTo(p, units);
            TensorPrimitives.Add(units, b2, units);
            LeakyDropout.Apply(units, slopes, random);
            if (p < 2 * packs)
            {
                var sign = (p < packs ? -share : share) / packs;
                loss += sign * TensorPrimitives.Dot(units, w);
                TensorPrimitives.MultiplyAdd(units, sign, byW, byW);
                TensorPrimitives.Multiply(slopes, sign, slopes);
                TensorPrimitives.Multiply(slopes, w, units);
                TensorPrimitives.Add(byB2, units, byB2);
            }
            else TensorPrimitives.Multiply(slopes, w, units);

            d2.WriteRow(p, 0, units);
        }

        return loss;
    }

    /// <summary>From the gradients by f1 to those by h of judged packs, and u of the points between.</summary>
    private void BackwardFirstLayer(ReadOnlySpan<long> conditions)
    {
        Span<float> bias = Gradient("0.bias"), table = Gradient("0.condition");
        for (var p = 0; p < packs; p++)
        {
            Back(packs + p, otherUnits);
            Back(2 * packs + p, units);
            Back(p, units);
            TensorPrimitives.Add(units, otherUnits, units);
            TensorPrimitives.Add(bias, units, bias);
            foreach (var condition in conditions.Slice(p * pac, pac))
            {
                var row = table.Slice((int)condition * width, width);
                TensorPrimitives.Add(row, units, row);
            }
        }

        void Back(int row, Span<float> d)
        {
            product.CopyRowTo(row, d);
            TensorPrimitives.Multiply(d, Row(slopes1, row), d);
            d1.WriteRow(row, 0, d);
        }
    }

    /// <summary>The penalty of gradients g; its derivatives by them become operands.</summary>
    private double Penalty(float share)
    {
        double penalty = 0;
        for (var p = 0; p < packs; p++)
        {
            gradients.CopyRowTo(packs + p, pack);
            var norm = MathF.Sqrt(TensorPrimitives.SumOfSquares<float>(pack) + 1e-12f);
            penalty += (norm - 1) * (norm - 1);
            TensorPrimitives.Multiply(pack, (norm - 1) / norm * 2 * PenaltyWeight * share / packs, pack);
            x.WriteRow(2 * packs + p, 0, pack);
        }

        return penalty * PenaltyWeight * share / packs;
    }

    private Span<float> Row(Span<float> values, int row) => values.Slice(row * width, width);

    private Span<float> Values(string name) => TensorValues.Memory(parameters["critic." + name]);

    private Span<float> Gradient(string name) => TensorValues.Memory(parameters["critic." + name].grad!);
}
