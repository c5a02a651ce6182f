using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SynthStudio.Synthesis.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.DpSgd;

/// <summary>
/// Sums over the pairs of rows of a record, sum over s, t of (b_s . b_t)(a_s . a_t + c): squared norms of sums of outer products. On the CPU record by
/// record while its rows are in the cache, each pair once, four pairs at a time: many times as fast as products of many small matrices.
/// </summary>
internal static class PairProducts
{
    /// <summary>[B].</summary>
    /// <param name="a">[B T, in].</param>
    /// <param name="b">[B T, out].</param>
    /// <param name="passes">T, at least 2.</param>
    /// <param name="constant">c.</param>
    public static Tensor Of(Tensor a, Tensor b, int passes, float constant)
    {
        if (b.device.type != DeviceType.CPU) return OnDevice(Gram(a, passes), b, passes, constant);
        using var inputs = a.contiguous();
        using var gradients = b.contiguous();
        var x = Values(inputs);
        var y = Values(gradients);
        var (ofInputs, ofGradients) = (new float[passes * passes], new float[passes * passes]);
        var sums = new float[b.shape[0] / passes];
        for (var record = 0; record < sums.Length; record++)
        {
            Gram(Record(x, record, sums.Length), passes, ofInputs);
            Gram(Record(y, record, sums.Length), passes, ofGradients);
            sums[record] = Sum(ofInputs, ofGradients, passes, constant);
        }

        return tensor(sums);
    }

    /// <summary>The same where the products of a are known.</summary>
    /// <param name="products">a_s . a_t for t up to s, [B, T, T].</param>
    /// <param name="b">[B T, out].</param>
    /// <param name="passes">T, at least 2.</param>
    /// <param name="constant">c.</param>
    public static Tensor Of(float[] products, Tensor b, int passes, float constant)
    {
        if (b.device.type != DeviceType.CPU)
        {
            // Only t up to s is there: the other half is its mirror image.
            var half = tensor(products, device: b.device).view(-1, passes, passes).tril();
            return OnDevice(half.add(half.tril(-1).transpose(1, 2), Scalars.One), b, passes, constant);
        }

        using var gradients = b.contiguous();
        var y = Values(gradients);
        var ofGradients = new float[passes * passes];
        var sums = new float[b.shape[0] / passes];
        for (var record = 0; record < sums.Length; record++)
        {
            Gram(Record(y, record, sums.Length), passes, ofGradients);
            sums[record] = Sum(Record(products, record, sums.Length), ofGradients, passes, constant);
        }

        return tensor(sums);
    }

    /// <summary>Products of the rows s and t up to s, [T, T].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gram(ReadOnlySpan<float> rows, int count, Span<float> products)
    {
        var width = rows.Length / count;
        for (var s = 0; s < count; s++)
        {
            ref var row = ref Unsafe.AsRef(in rows[s * width]);
            var t = 0;
            for (; t + 3 <= s; t += 4) FourProducts(ref row, ref Unsafe.AsRef(in rows[t * width]), width, ref products[s * count + t]);
            for (; t <= s; t++) products[s * count + t] = Product(ref row, ref Unsafe.AsRef(in rows[t * width]), width);
        }
    }

    /// <summary>Products of a row with four that follow each other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourProducts(ref float row, ref float others, int width, ref float products)
    {
        var (sum0, sum1, sum2, sum3) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
        ref var second = ref Unsafe.Add(ref others, width);
        ref var third = ref Unsafe.Add(ref second, width);
        ref var fourth = ref Unsafe.Add(ref third, width);
        var i = 0;
        for (; i + Vector<float>.Count <= width; i += Vector<float>.Count)
        {
            var own = Vector.LoadUnsafe(ref row, (nuint)i);
            sum0 = Vector.MultiplyAddEstimate(own, Vector.LoadUnsafe(ref others, (nuint)i), sum0);
            sum1 = Vector.MultiplyAddEstimate(own, Vector.LoadUnsafe(ref second, (nuint)i), sum1);
            sum2 = Vector.MultiplyAddEstimate(own, Vector.LoadUnsafe(ref third, (nuint)i), sum2);
            sum3 = Vector.MultiplyAddEstimate(own, Vector.LoadUnsafe(ref fourth, (nuint)i), sum3);
        }

        var (rest0, rest1, rest2, rest3) = (Vector.Sum(sum0), Vector.Sum(sum1), Vector.Sum(sum2), Vector.Sum(sum3));
        for (; i < width; i++)
        {
            var own = Unsafe.Add(ref row, i);
            rest0 += own * Unsafe.Add(ref others, i);
            rest1 += own * Unsafe.Add(ref second, i);
            rest2 += own * Unsafe.Add(ref third, i);
            rest3 += own * Unsafe.Add(ref fourth, i);
        }

        (products, Unsafe.Add(ref products, 1), Unsafe.Add(ref products, 2), Unsafe.Add(ref products, 3)) = (rest0, rest1, rest2, rest3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Product(ref float one, ref float other, int width)
    {
        var sum = Vector<float>.Zero;
        var i = 0;
        for (; i + Vector<float>.Count <= width; i += Vector<float>.Count)
            sum = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref one, (nuint)i), Vector.LoadUnsafe(ref other, (nuint)i), sum);
        var rest = Vector.Sum(sum);
        for (; i < width; i++) rest += Unsafe.Add(ref one, i) * Unsafe.Add(ref other, i);
        return rest;
    }

    /// <summary>Over all s and t, from those with t up to s.</summary>
    private static float Sum(ReadOnlySpan<float> products, ReadOnlySpan<float> others, int count, float constant)
    {
        double sum = 0;
        for (var s = 0; s < count; s++)
        {
            double below = 0;
            for (var t = 0; t < s; t++) below += (double)others[s * count + t] * (products[s * count + t] + constant);
            sum += 2 * below + (double)others[s * count + s] * (products[s * count + s] + constant);
        }

        return (float)sum;
    }

    private static ReadOnlySpan<float> Record(ReadOnlySpan<float> values, int record, int records) =>
        values.Slice(values.Length / records * record, values.Length / records);

    private static ReadOnlySpan<float> Values(Tensor contiguous) => MemoryMarshal.Cast<byte, float>(contiguous.bytes);

    private static Tensor Gram(Tensor x, int passes)
    {
        var rows = x.view(-1, passes, x.shape[1]);
        return rows.bmm(rows.transpose(1, 2));
    }

    private static Tensor OnDevice(Tensor gram, Tensor b, int passes, float constant)
    {
        using Scalar c = constant;
        return gram.add(c, Scalars.One).mul_(Gram(b, passes)).sum([1L, 2L]);
    }
}
