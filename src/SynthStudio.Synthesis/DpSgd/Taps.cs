using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.DpSgd;

// One class a kind of layer. They stand together because each is a formula for the norm and one for the sum.

/// <summary>Gradient of a record: the outer product b a', and b for the bias. Squared norm: |b|^2 |a|^2 + |b|^2.</summary>
internal sealed class LinearTap(Tensor input, Tensor output, Tensor weightGradient, Tensor? biasGradient, bool transposed) : Tap(output)
{
    private Tensor input = input;

    public override Tensor SquaredNorms(Tensor b, Tensor squared)
    {
        var a = SquaredRowNorms(input);
        return (biasGradient is null ? a : a.add_(Scalars.One)).mul_(squared);
    }

    public override void Accumulate(Tensor b, Tensor factors)
    {
        // Scale whichever side is narrower.
        var (left, right) = transposed ? (input, b) : (b, input);
        var scaled = factors.unsqueeze(1);
        if (left.shape[1] <= right.shape[1]) left = left.mul(scaled);
        else right = right.mul(scaled);
        weightGradient.addmm_(left.t(), right, 1, 1);
        biasGradient?.addmv_(b.t(), factors, 1, 1);
    }

    public override void Mask(Tensor leftOut) => input = input.masked_fill(leftOut.unsqueeze(1), Scalars.Zero);
}

/// <summary>Gradient of a record: b.</summary>
internal sealed class BiasTap(Tensor output, Tensor gradient) : Tap(output)
{
    public override Tensor SquaredNorms(Tensor b, Tensor squared) => squared;

    public override void Accumulate(Tensor b, Tensor factors) => gradient.addmv_(b.t(), factors, 1, 1);
}

/// <summary>Gradients of a record: b times the normalised input for the gain, b for the bias.</summary>
internal sealed class NormTap(Tensor input, Tensor output, Tensor gainGradient, Tensor biasGradient) : Tap(output)
{
    private Tensor input = input;
    private Tensor? product;

    public override Tensor SquaredNorms(Tensor b, Tensor squared)
    {
        product = input.mul(b);
        return SquaredRowNorms(product).add_(squared, Scalars.One);
    }

    public override void Accumulate(Tensor b, Tensor factors)
    {
        gainGradient.addmv_(product!.t(), factors, 1, 1);
        biasGradient.addmv_(b.t(), factors, 1, 1);
    }

    public override void Mask(Tensor leftOut) => product = product!.masked_fill(leftOut.unsqueeze(1), Scalars.Zero);
}

/// <summary>Gradient of a record: b in every row of the table that it names, m times in a row named m times. Squared norm: |b|^2 times the sum of m^2.</summary>
/// <param name="sum">What was looked up, as autograd knows it: its backward pass adds to the table's gradient without a gradient of a record.</param>
/// <param name="output">The same, cut off from the table.</param>
/// <param name="squaredCounts">[B].</param>
internal sealed class EmbeddingTap(Tensor sum, Tensor output, float[] squaredCounts) : Tap(output)
{
    public override Tensor SquaredNorms(Tensor b, Tensor squared) => squared.mul(from_array(squaredCounts, device: b.device));

    public override void Accumulate(Tensor b, Tensor factors) => sum.backward([b.mul(factors.unsqueeze(1))]);

    /// <summary>By record the sum over the ids it names of how often it names them, squared.</summary>
    public static float[] SquaredCounts(long[] ids, long[] offsets)
    {
        var counts = new float[offsets.Length];
        for (var record = 0; record < counts.Length; record++)
        {
            var named = ids.AsSpan((int)offsets[record]..(record + 1 < offsets.Length ? (int)offsets[record + 1] : ids.Length));
            for (var i = 0; i < named.Length; i++) counts[record] += named.Count(named[i]);
        }

        return counts;
    }
}
