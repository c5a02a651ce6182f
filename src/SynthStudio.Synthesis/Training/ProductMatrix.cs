using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace SynthStudio.Synthesis.Training;

/// <summary>
/// A matrix on the CPU that products of matrices read or write, in their precision (see <see cref="Matrices"/>), and plain arrays of single precision are
/// copied into and from. Its room is used again and again: nothing is allocated in a step.
/// </summary>
internal sealed class ProductMatrix : IDisposable
{
    private readonly int rows, columns;

    /// <summary>The values, in the one that fits the precision; the other is empty.</summary>
    private readonly BFloat16[] halves = [];
    private readonly float[] singles = [];

    private readonly Tensor flat;
    private readonly List<Tensor> views = [];

    public ProductMatrix(int rows, int columns)
    {
        (this.rows, this.columns) = (rows, columns);
        if (Half) halves = new BFloat16[rows * columns];
        else singles = new float[rows * columns];
        flat = frombuffer(Half ? halves : singles, Matrices.Precision).DetachFromDisposeScope();
        Tensor = Keep(flat.view(rows, columns));
        Transposed = Keep(Tensor.t());
    }

    /// <summary>[rows, columns].</summary>
    public Tensor Tensor { get; }

    /// <summary>[columns, rows].</summary>
    public Tensor Transposed { get; }

    private static bool Half => Matrices.Precision == ScalarType.BFloat16;

    /// <summary>Some of its rows, [count, columns]; lives as long as the matrix.</summary>
    public Tensor Rows(int from, int count) => Keep(Tensor.narrow(0, from, count));

    /// <summary>Some of its columns, [rows, count]; lives as long as the matrix.</summary>
    public Tensor Columns(int from, int count) => Keep(Tensor.narrow(1, from, count));

    /// <summary>Copies whole rows in, beginning with row <paramref name="from"/>.</summary>
    public void Write(ReadOnlySpan<float> values, int from = 0)
    {
        if (Half) Bfloat16.Narrow(values, Halves.Slice(from * columns, values.Length));
        else values.CopyTo(singles.AsSpan(from * columns));
    }

    /// <summary>Copies a part of one row in.</summary>
    public void WriteRow(int row, int column, ReadOnlySpan<float> values)
    {
        var at = row * columns + column;
        if (Half) Bfloat16.Narrow(values, Halves.Slice(at, values.Length));
        else values.CopyTo(singles.AsSpan(at));
    }

    /// <summary>Copies a part of every row in.</summary>
    /// <param name="values">[rows, width].</param>
    /// <param name="column">The first column.</param>
    /// <param name="width">Number of columns.</param>
    public void WriteColumns(ReadOnlySpan<float> values, int column, int width)
    {
        for (var row = 0; row < rows; row++) WriteRow(row, column, values.Slice(row * width, width));
    }

    /// <summary>Copies its first rows out, as many as there is room for.</summary>
    public void CopyTo(Span<float> values)
    {
        if (Half) Bfloat16.Widen(Halves[..values.Length], values);
        else singles.AsSpan(0, values.Length).CopyTo(values);
    }

    /// <summary>Copies one row out.</summary>
    public void CopyRowTo(int row, Span<float> values)
    {
        if (Half) Bfloat16.Widen(Halves.Slice(row * columns, columns), values);
        else singles.AsSpan(row * columns, columns).CopyTo(values);
    }

    /// <summary>Adds one row to sums.</summary>
    public void AddRowTo(int row, Span<float> sums)
    {
        if (Half) Bfloat16.AddTo(Halves.Slice(row * columns, columns), sums);
        else TensorPrimitives.Add(sums, singles.AsSpan(row * columns, columns), sums);
    }

    /// <summary>Adds all of it to sums.</summary>
    public void AddTo(Span<float> sums)
    {
        if (Half) Bfloat16.AddTo(Halves, sums);
        else TensorPrimitives.Add(sums, singles, sums);
    }

    public void Dispose()
    {
        foreach (var view in views) view.Dispose();
        flat.Dispose();
    }

    private Span<ushort> Halves => MemoryMarshal.Cast<BFloat16, ushort>(halves.AsSpan());

    private Tensor Keep(Tensor view)
    {
        views.Add(view.DetachFromDisposeScope());
        return view;
    }
}
