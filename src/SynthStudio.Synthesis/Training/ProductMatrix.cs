using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace SynthStudio.Synthesis.Training;

/// <summary>
/// A matrix on the CPU that products of matrices read or write, in their precision (see <see cref="Matrices"/>), and plain arrays of single precision are
/// copied into and from. Its room is used again and again: nothing is allocated in a step.
/// </summary>
internal sealed class ProductMatrix : IDisposable
{
    private readonly int columns;

    public ProductMatrix(int rows, int columns)
    {
        this.columns = columns;
        Tensor = zeros(rows, columns, dtype: Matrices.Precision).DetachFromDisposeScope();
    }

    /// <summary>[rows, columns].</summary>
    public Tensor Tensor { get; }

    private static bool Half => Matrices.Precision == ScalarType.BFloat16;

    /// <summary>Its first rows become the product of two matrices.</summary>
    /// <returns>Itself.</returns>
    public ProductMatrix SetProduct(Tensor a, Tensor b)
    {
        using var rows = Tensor.narrow(0, 0, a.shape[0]);
        rows.addmm_(a, b, beta: 0, alpha: 1);
        return this;
    }

    /// <summary>Copies whole rows in, beginning with row <paramref name="from"/>.</summary>
    public void Write(ReadOnlySpan<float> values, int from = 0)
    {
        if (Half) Bfloat16.Narrow(values, Halves.Slice(from * columns, values.Length));
        else values.CopyTo(Singles[(from * columns)..]);
    }

    /// <summary>Copies a part of every row in.</summary>
    /// <param name="values">[rows, width].</param>
    /// <param name="column">The first column.</param>
    /// <param name="width">Number of columns.</param>
    public void WriteColumns(ReadOnlySpan<float> values, int column, int width)
    {
        Span<ushort> halves = Half ? Halves : [];
        Span<float> singles = Half ? [] : Singles;
        for (int at = 0, to = column; at < values.Length; at += width, to += columns)
        {
            if (Half) Bfloat16.Narrow(values.Slice(at, width), halves.Slice(to, width));
            else values.Slice(at, width).CopyTo(singles[to..]);
        }
    }

    /// <summary>Copies its first rows out, as many as there is room for.</summary>
    public void CopyTo(Span<float> values)
    {
        if (Half) Bfloat16.Widen(Halves[..values.Length], values);
        else Singles[..values.Length].CopyTo(values);
    }

    /// <summary>Adds all of it to sums.</summary>
    public void AddTo(Span<float> sums)
    {
        if (Half) Bfloat16.AddTo(Halves, sums);
        else TensorPrimitives.Add(sums, Singles, sums);
    }

    public void Dispose() => Tensor.Dispose();

    private Span<ushort> Halves => MemoryMarshal.Cast<byte, ushort>(Tensor.bytes);

    private Span<float> Singles => TensorValues.Memory(Tensor);
}
