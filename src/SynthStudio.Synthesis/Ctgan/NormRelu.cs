using System.Numerics;
using System.Numerics.Tensors;

namespace SynthStudio.Synthesis.Ctgan;

/// <summary>
/// relu(gain n + bias) of a batch [R, H], with n its columns less their means and over their deviations, and the way back:
/// <code>
/// dL/dx = gain / deviation (d - mean(d) - n mean(n d)),  d = dL/doutput where the output is above 0, means over the batch
/// </code>
/// (Ioffe and Szegedy, arXiv:1502.03167). Rows are taken one by one, so that all that is done to one is done in the nearest cache: first every row into
/// sums, then every row from them. For one thread.
/// </summary>
/// <param name="rows">R.</param>
/// <param name="width">H.</param>
internal sealed class NormRelu(int rows, int width)
{
    /// <summary>x, then n [R, H], and d.</summary>
    private readonly float[] normal = new float[rows * width], gradient = new float[rows * width];

    /// <summary>Sums over the rows, and 1 / deviation [H].</summary>
    private readonly float[] sum = new float[width], product = new float[width], scale = new float[width];

    /// <summary>Room for a row of x, to be written before <see cref="Observe"/>.</summary>
    public Span<float> Input(int row) => normal.AsSpan(row * width, width);

    /// <summary>Room for a row of dL/doutput, to be written before <see cref="ObserveGradient"/>.</summary>
    public Span<float> Gradient(int row) => gradient.AsSpan(row * width, width);

    /// <summary>Before the first row of a batch, on the way there and on the way back.</summary>
    public void Begin()
    {
        sum.AsSpan().Clear();
        product.AsSpan().Clear();
    }

    /// <summary>Takes a row of x into the sums.</summary>
    public void Observe(int row)
    {
        var x = Input(row);
        TensorPrimitives.Add(sum, x, sum);
        TensorPrimitives.MultiplyAdd(x, x, product, product);
    }

    /// <summary>Means and deviations of all rows.</summary>
    public void Fit()
    {
        for (var h = 0; h < width; h++)
        {
            var mean = sum[h] / rows;
            scale[h] = 1 / MathF.Sqrt(MathF.Max(product[h] / rows - mean * mean, 0) + (float)CtganGenerator.NormEpsilon);
            sum[h] = -mean * scale[h];
        }
    }

    /// <summary>A row of the output.</summary>
    public void Output(int row, ReadOnlySpan<float> gain, ReadOnlySpan<float> bias, Span<float> output)
    {
        var n = Input(row);
        TensorPrimitives.MultiplyAdd(n, scale, sum, n);
        TensorPrimitives.MultiplyAdd(n, gain, bias, output);
        TensorPrimitives.Max(output, 0, output);
    }

    /// <summary>Takes a row of dL/doutput into the sums.</summary>
    /// <param name="row">Number of the row.</param>
    /// <param name="gain">As before.</param>
    /// <param name="bias">As before.</param>
    public void ObserveGradient(int row, ReadOnlySpan<float> gain, ReadOnlySpan<float> bias)
    {
        Span<float> n = Input(row), d = Gradient(row);
        var i = 0;
        for (; i + Vector<float>.Count <= width; i += Vector<float>.Count)
        {
            var x = new Vector<float>(n[i..]);
            var open = Vector.GreaterThan(x * new Vector<float>(gain[i..]) + new Vector<float>(bias[i..]), Vector<float>.Zero);
            var slope = Vector.ConditionalSelect(open, new Vector<float>(d[i..]), Vector<float>.Zero);
            slope.CopyTo(d[i..]);
            (new Vector<float>(sum, i) + slope).CopyTo(sum, i);
            (new Vector<float>(product, i) + slope * x).CopyTo(product, i);
        }

        for (; i < width; i++)
        {
            if (n[i] * gain[i] + bias[i] <= 0) d[i] = 0;
            sum[i] += d[i];
            product[i] += d[i] * n[i];
        }
    }

    /// <summary>Adds the parameters' derivatives by all rows.</summary>
    /// <param name="gain">As before.</param>
    /// <param name="byGain">dL/dgain is added.</param>
    /// <param name="byBias">dL/dbias is added.</param>
    public void FitGradient(ReadOnlySpan<float> gain, Span<float> byGain, Span<float> byBias)
    {
        TensorPrimitives.Add(byBias, sum, byBias);
        TensorPrimitives.Add(byGain, product, byGain);
        TensorPrimitives.Multiply(gain, scale, scale);
        TensorPrimitives.Multiply(sum, scale, sum);
        TensorPrimitives.Divide(sum, -rows, sum);
        TensorPrimitives.Multiply(product, scale, product);
        TensorPrimitives.Divide(product, -rows, product);
    }

    /// <summary>A row's dL/doutput becomes dL/dx.</summary>
    public Span<float> ByInput(int row)
    {
        Span<float> n = Input(row), d = Gradient(row);
        TensorPrimitives.MultiplyAdd(n, product, sum, n);
        TensorPrimitives.MultiplyAdd(d, scale, n, d);
        return d;
    }
}
