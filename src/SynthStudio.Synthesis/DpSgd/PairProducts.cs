using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SynthStudio.Synthesis.Training;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace SynthStudio.Synthesis.DpSgd;

/// <summary>
/// Sums over the pairs of rows of a record, sum over s, t of (b_s . b_t)(a_s . a_t + c): squared norms of sums of outer products. On the CPU pair by
/// pair while a record's rows are in the cache, each pair once: several times as fast as products of many small matrices.
/// </summary>
internal static class PairProducts
{
    /// <summary>[B].</summary>
    /// <param name="a">[B T, in].</param>
    /// <param name="b">[B T, out].</param>
    /// <param name="passes">T, at least 2.</param>
    /// <param name="constant">c.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Tensor Of(Tensor a, Tensor b, int passes, float constant)
    {
        if (b.device.type != DeviceType.CPU) return OnDevice(Gram(a, passes), b, passes, constant);
        using var rows = a.contiguous();
        var width = (int)a.shape[1];
        var x = Values(rows);
        var products = new float[b.shape[0] * passes];
        for (var row = 0; row < b.shape[0]; row++)
            for (var t = row / passes * passes; t <= row; t++)
                products[row * passes + t % passes] = TensorPrimitives.Dot(x.Slice(row * width, width), x.Slice(t * width, width));

        return Of(products, b, passes, constant);
    }

    /// <summary>The same where the products of a are known.</summary>
    /// <param name="products">a_s . a_t for t up to s, [B, T, T].</param>
    /// <param name="b">[B T, out].</param>
    /// <param name="passes">T, at least 2.</param>
    /// <param name="constant">c.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Tensor Of(float[] products, Tensor b, int passes, float constant)
    {
        if (b.device.type != DeviceType.CPU)
        {
            // Only t up to s is there: the other half is its mirror image.
            var half = tensor(products, device: b.device).view(-1, passes, passes).tril();
            return OnDevice(half.add(half.tril(-1).transpose(1, 2), Scalars.One), b, passes, constant);
        }

        using var rows = b.contiguous();
        var width = (int)b.shape[1];
        var y = Values(rows);
        var sums = new float[b.shape[0] / passes];
        for (var record = 0; record < sums.Length; record++)
        {
            double sum = 0;
            for (var s = record * passes; s < (record + 1) * passes; s++)
            {
                for (var t = record * passes; t <= s; t++)
                {
                    var product = TensorPrimitives.Dot(y.Slice(s * width, width), y.Slice(t * width, width));
                    sum += (s == t ? 1.0 : 2.0) * product * (products[s * passes + t % passes] + constant);
                }
            }

            sums[record] = (float)sum;
        }

        return tensor(sums);
    }

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
