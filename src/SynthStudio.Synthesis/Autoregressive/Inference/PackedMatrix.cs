using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SynthStudio.Synthesis.Autoregressive.Inference;

/// <summary>
/// A weight matrix laid out for multiplying: Y = X W^T + b. A row of Y is summed in one order whatever the number of rows, so that equal rows
/// give equal bits wherever they stand; libraries choose their kernel by the number of rows and do not promise that.
/// </summary>
/// <remarks>
/// The outputs are cut into panels of <see cref="Panel"/>, inputs inside; eight rows of X and one panel are sixteen sums that stay in the
/// registers of a processor with 512-bit vectors. The panel stays in the first-level cache from one strip of rows to the next.
/// </remarks>
internal sealed class PackedMatrix
{
    /// <summary>Outputs are padded to a multiple of this.</summary>
    public const int Panel = 32;

    /// <summary>Rows are computed so many at a time; X and Y have room for a multiple of it.</summary>
    public const int Strip = 8;

    private const int Vector = 16;

    private readonly AlignedFloats panels;
    private readonly AlignedFloats bias;

    /// <param name="weight">[outputs, inputs], row after row.</param>
    /// <param name="bias">[outputs]; empty for none.</param>
    /// <param name="inputs">Columns of the weight.</param>
    public PackedMatrix(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, int inputs)
    {
        Inputs = inputs;
        Outputs = weight.Length / inputs;
        Stride = (Outputs + Panel - 1) / Panel * Panel;
        panels = new AlignedFloats(Stride * inputs);
        this.bias = new AlignedFloats(Stride);
        bias.CopyTo(this.bias.Span);
        var target = panels.Span;
        for (var o = 0; o < Outputs; o++)
        {
            var panel = o / Panel * Panel * inputs + o % Panel;
            for (var i = 0; i < inputs; i++) target[panel + i * Panel] = weight[o * inputs + i];
        }
    }

    public int Inputs { get; }

    public int Outputs { get; }

    /// <summary>Floats from one row of Y to the next.</summary>
    public int Stride { get; }

    /// <summary>Y = X W^T + b.</summary>
    /// <param name="x">Rows of <paramref name="xStride"/> floats.</param>
    /// <param name="xStride">Floats from one row of X to the next.</param>
    /// <param name="rows">Rows; those up to the next multiple of <see cref="Strip"/> are computed too.</param>
    /// <param name="y">Rows of <see cref="Stride"/> floats.</param>
    /// <param name="finish">What becomes of the sums.</param>
    public void Multiply(AlignedFloats x, int xStride, int rows, AlignedFloats y, Finish finish)
    {
        for (var panel = 0; panel < Stride; panel += Panel)
        {
            for (var row = 0; row < rows; row += Strip)
            {
                ref var target = ref y.At(row * Stride + panel);
                MultiplyStrip(
                    ref x.At(row * xStride), (nuint)xStride, ref panels.At(panel * Inputs), Inputs,
                    ref bias.At(panel), ref target, (nuint)Stride, finish == Finish.Add);
                if (finish == Finish.Silu) Silu(ref target, (nuint)Stride);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyStrip(
        ref float x, nuint xStride, ref float w, int inputs, ref float bias, ref float y, nuint yStride, bool add)
    {
        ref var x1 = ref Unsafe.Add(ref x, xStride);
        ref var x2 = ref Unsafe.Add(ref x1, xStride);
        ref var x3 = ref Unsafe.Add(ref x2, xStride);
        ref var x4 = ref Unsafe.Add(ref x3, xStride);
        ref var x5 = ref Unsafe.Add(ref x4, xStride);
        ref var x6 = ref Unsafe.Add(ref x5, xStride);
        ref var x7 = ref Unsafe.Add(ref x6, xStride);
        ref var y0 = ref y;
        ref var y1 = ref Unsafe.Add(ref y0, yStride);
        ref var y2 = ref Unsafe.Add(ref y1, yStride);
        ref var y3 = ref Unsafe.Add(ref y2, yStride);
        ref var y4 = ref Unsafe.Add(ref y3, yStride);
        ref var y5 = ref Unsafe.Add(ref y4, yStride);
        ref var y6 = ref Unsafe.Add(ref y5, yStride);
        ref var y7 = ref Unsafe.Add(ref y6, yStride);
        var (a, b) = (Vector512.LoadUnsafe(ref bias), Vector512.LoadUnsafe(ref bias, Vector));
        Vector512<float> a0 = a, a1 = a, a2 = a, a3 = a, a4 = a, a5 = a, a6 = a, a7 = a;
        Vector512<float> b0 = b, b1 = b, b2 = b, b3 = b, b4 = b, b5 = b, b6 = b, b7 = b;
        if (add)
        {
            a0 += Vector512.LoadUnsafe(ref y0);
            b0 += Vector512.LoadUnsafe(ref y0, Vector);
            a1 += Vector512.LoadUnsafe(ref y1);
            b1 += Vector512.LoadUnsafe(ref y1, Vector);
            a2 += Vector512.LoadUnsafe(ref y2);
            b2 += Vector512.LoadUnsafe(ref y2, Vector);
            a3 += Vector512.LoadUnsafe(ref y3);
            b3 += Vector512.LoadUnsafe(ref y3, Vector);
            a4 += Vector512.LoadUnsafe(ref y4);
            b4 += Vector512.LoadUnsafe(ref y4, Vector);
            a5 += Vector512.LoadUnsafe(ref y5);
            b5 += Vector512.LoadUnsafe(ref y5, Vector);
            a6 += Vector512.LoadUnsafe(ref y6);
            b6 += Vector512.LoadUnsafe(ref y6, Vector);
            a7 += Vector512.LoadUnsafe(ref y7);
            b7 += Vector512.LoadUnsafe(ref y7, Vector);
        }

        for (nuint i = 0; i < (nuint)inputs; i++)
        {
            var (u, v) = (Vector512.LoadUnsafe(ref w), Vector512.LoadUnsafe(ref w, Vector));
            w = ref Unsafe.Add(ref w, Panel);
            var c = Vector512.Create(Unsafe.Add(ref x, i));
            a0 = Vector512.FusedMultiplyAdd(c, u, a0);
            b0 = Vector512.FusedMultiplyAdd(c, v, b0);
            c = Vector512.Create(Unsafe.Add(ref x1, i));
            a1 = Vector512.FusedMultiplyAdd(c, u, a1);
            b1 = Vector512.FusedMultiplyAdd(c, v, b1);
            c = Vector512.Create(Unsafe.Add(ref x2, i));
            a2 = Vector512.FusedMultiplyAdd(c, u, a2);
            b2 = Vector512.FusedMultiplyAdd(c, v, b2);
            c = Vector512.Create(Unsafe.Add(ref x3, i));
            a3 = Vector512.FusedMultiplyAdd(c, u, a3);
            b3 = Vector512.FusedMultiplyAdd(c, v, b3);
            c = Vector512.Create(Unsafe.Add(ref x4, i));
            a4 = Vector512.FusedMultiplyAdd(c, u, a4);
            b4 = Vector512.FusedMultiplyAdd(c, v, b4);
            c = Vector512.Create(Unsafe.Add(ref x5, i));
            a5 = Vector512.FusedMultiplyAdd(c, u, a5);
            b5 = Vector512.FusedMultiplyAdd(c, v, b5);
            c = Vector512.Create(Unsafe.Add(ref x6, i));
            a6 = Vector512.FusedMultiplyAdd(c, u, a6);
            b6 = Vector512.FusedMultiplyAdd(c, v, b6);
            c = Vector512.Create(Unsafe.Add(ref x7, i));
            a7 = Vector512.FusedMultiplyAdd(c, u, a7);
            b7 = Vector512.FusedMultiplyAdd(c, v, b7);
        }

        a0.StoreUnsafe(ref y0);
        b0.StoreUnsafe(ref y0, Vector);
        a1.StoreUnsafe(ref y1);
        b1.StoreUnsafe(ref y1, Vector);
        a2.StoreUnsafe(ref y2);
        b2.StoreUnsafe(ref y2, Vector);
        a3.StoreUnsafe(ref y3);
        b3.StoreUnsafe(ref y3, Vector);
        a4.StoreUnsafe(ref y4);
        b4.StoreUnsafe(ref y4, Vector);
        a5.StoreUnsafe(ref y5);
        b5.StoreUnsafe(ref y5, Vector);
        a6.StoreUnsafe(ref y6);
        b6.StoreUnsafe(ref y6, Vector);
        a7.StoreUnsafe(ref y7);
        b7.StoreUnsafe(ref y7, Vector);
    }

    /// <summary>y * sigmoid(y). Apart from the product: a call there would push its sums out of the registers.</summary>
    private static void Silu(ref float y, nuint yStride)
    {
        for (var row = 0; row < Strip; row++, y = ref Unsafe.Add(ref y, yStride))
        {
            for (nuint i = 0; i < Panel; i += Vector)
            {
                var v = Vector512.LoadUnsafe(ref y, i);
                (v / (Vector512<float>.One + Vector512.Exp(-v))).StoreUnsafe(ref y, i);
            }
        }
    }
}
