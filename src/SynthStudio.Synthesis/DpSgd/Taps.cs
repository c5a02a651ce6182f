using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using SynthStudio.Synthesis.Training;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace SynthStudio.Synthesis.DpSgd;

// One class a kind of layer. They stand together because each is a formula for the norm and one for the sum. With one row a record the sums over
// pairs of rows s, t are single terms.

/// <summary>Gradient of a record: the sum of b_t a_t', and of b_t for the bias. Squared norm: sum over s, t of (b_s . b_t)(a_s . a_t + 1).</summary>
internal sealed class LinearTap(Tensor input, Tensor output, Tensor weightGradient, Tensor? biasGradient, bool transposed) : Tap(output)
{
    private Tensor input = input;

    public override Tensor SquaredNorms(Tensor b, int passes)
    {
        if (passes > 1) return PairProducts.Of(input, b, passes, biasGradient is null ? 0 : 1);
        var a = SquaredSums(input, passes);
        return (biasGradient is null ? a : a.add_(Scalars.One)).mul_(SquaredSums(b, passes));
    }

    public override void Accumulate(Tensor b, Tensor factors)
    {
        // Scale whichever side is narrower.
        var (left, right) = transposed ? (input, b) : (b, input);
        var scaled = factors.unsqueeze(1);
        if (left.shape[1] > right.shape[1])
        {
            right = right.mul(scaled);
            biasGradient?.addmv_(b.t(), factors, 1, 1);
        }
        else
        {
            left = left.mul(scaled);
            biasGradient?.add_((transposed ? b.mul(scaled) : left).sum([0L]), Scalars.One);
        }

        weightGradient.addmm_(left.t(), right, 1, 1);
    }

    public override void Mask(Tensor leftOut) => input = input.masked_fill(leftOut.unsqueeze(1), Scalars.Zero);
}

/// <summary>Gradient of a record: the sum of b_t.</summary>
internal sealed class BiasTap(Tensor output, Tensor gradient) : Tap(output)
{
    public override Tensor SquaredNorms(Tensor b, int passes) => SquaredSums(b, passes);

    public override void Accumulate(Tensor b, Tensor factors) => gradient.addmv_(b.t(), factors, 1, 1);
}

/// <summary>Gradients of a record: the sum of b_t times the normalised input for the gain, of b_t for the bias.</summary>
internal sealed class NormTap(Tensor input, Tensor output, Tensor gainGradient, Tensor biasGradient) : Tap(output)
{
    private Tensor? product;

    public override Tensor SquaredNorms(Tensor b, int passes)
    {
        product = input.mul(b);
        return SquaredSums(product, passes).add_(SquaredSums(b, passes), Scalars.One);
    }

    public override void Accumulate(Tensor b, Tensor factors)
    {
        gainGradient.addmv_(product!.t(), factors, 1, 1);
        biasGradient.addmv_(b.t(), factors, 1, 1);
    }

    public override void Mask(Tensor leftOut) => product = product!.masked_fill(leftOut.unsqueeze(1), Scalars.Zero);
}

/// <summary>
/// Gradient of a record: b_t in every row of the table that its row t names, and the sum of b_t for the bias. Squared norm: sum over s, t of (b_s . b_t)
/// times the ids named by both, and one more for the bias.
/// </summary>
/// <param name="sum">What was looked up, as autograd knows it: its backward pass adds to the table's gradient without a gradient of a record.</param>
/// <param name="output">The same, cut off from the table, with the bias.</param>
/// <param name="ids">Of all rows.</param>
/// <param name="offsets">Where each row's begin.</param>
/// <param name="passes">T.</param>
/// <param name="tableGradient">[V, H].</param>
/// <param name="biasGradient">Null without a bias.</param>
internal sealed class EmbeddingTap(Tensor sum, Tensor output, long[] ids, long[] offsets, int passes, Tensor tableGradient, Tensor? biasGradient) : Tap(output)
{
    private readonly float[] overlaps = Overlaps(ids, offsets, passes);

    public override Tensor SquaredNorms(Tensor b, int passes)
    {
        if (passes > 1) return PairProducts.Of(overlaps, b, passes, biasGradient is null ? 0 : 1);
        var named = tensor(overlaps, device: b.device);
        return (biasGradient is null ? named : named.add_(Scalars.One)).mul_(SquaredSums(b, passes));
    }

    public override void Accumulate(Tensor b, Tensor factors)
    {
        using var scaled = b.mul(factors.unsqueeze(1));
        if (scaled.device.type == DeviceType.CPU) AddRows(scaled);
        else sum.backward([scaled]);
        biasGradient?.add_(scaled.sum([0L]), Scalars.One);
    }

    /// <summary>Adds every row to those of the table that it names.</summary>
    private void AddRows(Tensor scaled)
    {
        ReadOnlySpan<float> rows = MemoryMarshal.Cast<byte, float>(scaled.bytes);
        var table = MemoryMarshal.Cast<byte, float>(tableGradient.bytes);
        var width = (int)scaled.shape[1];
        for (var row = 0; row < offsets.Length; row++)
        {
            var values = rows.Slice(row * width, width);
            foreach (var id in Row(ids, offsets, row))
            {
                var target = table.Slice((int)id * width, width);
                TensorPrimitives.Add(target, values, target);
            }
        }
    }

    /// <summary>By record and pair of its rows: how many pairs of equal ids they name, [B, T, T].</summary>
    public static float[] Overlaps(long[] ids, long[] offsets, int passes)
    {
        var overlaps = new float[offsets.Length * passes];
        var masks = new ulong[passes];
        var seen = new List<long>();
        for (var record = 0; record < offsets.Length / passes; record++)
        {
            var first = record * passes;
            var fits = Masks(ids, offsets, first, masks, seen);
            for (var s = 0; s < passes; s++)
                for (var t = 0; t <= s; t++)
                    overlaps[(first + s) * passes + t] = overlaps[(first + t) * passes + s] =
                        fits ? BitOperations.PopCount(masks[s] & masks[t]) : Pairs(Row(ids, offsets, first + s), Row(ids, offsets, first + t));
        }

        return overlaps;
    }

    /// <summary>Numbers the ids of a record and notes for each row which it names; false when a row names one twice or there are more than 64.</summary>
    private static bool Masks(long[] ids, long[] offsets, int first, ulong[] masks, List<long> seen)
    {
        seen.Clear();
        Array.Clear(masks);
        for (var t = 0; t < masks.Length; t++)
        {
            foreach (var id in Row(ids, offsets, first + t))
            {
                var place = seen.IndexOf(id);
                if (place < 0)
                {
                    place = seen.Count;
                    seen.Add(id);
                }

                if (place >= 64 || (masks[t] >> place & 1) != 0) return false;
                masks[t] |= 1UL << place;
            }
        }

        return true;
    }

    private static int Pairs(ReadOnlySpan<long> one, ReadOnlySpan<long> other)
    {
        var pairs = 0;
        foreach (var id in one) pairs += other.Count(id);
        return pairs;
    }

    private static ReadOnlySpan<long> Row(long[] ids, long[] offsets, int row) =>
        ids.AsSpan((int)offsets[row]..(row + 1 < offsets.Length ? (int)offsets[row + 1] : ids.Length));
}
