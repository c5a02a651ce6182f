using System.Numerics;
using System.Numerics.Tensors;

namespace SynthStudio.Synthesis.Ctgan;

/// <summary>
/// relu(gain n + bias) of a batch [R, H], with n its columns less their means and over their deviations, and the way back:
/// <code>
/// dL/dx = gain / deviation (d - mean(d) - n mean(n d)),  d = dL/doutput where the output is above 0, means over the batch
/// </code>
/// (Ioffe and Szegedy, arXiv:1502.03167). On plain arrays, in place. For one thread.
/// </summary>
/// <param name="rows">R.</param>
/// <param name="width">H.</param>
internal sealed class NormRelu(int rows, int width)
{
    private readonly float[] normal = new float[rows * width], output = new float[rows * width], scale = new float[width];

    /// <summary>The batch becomes the output.</summary>
    public void Forward(Span<float> batch, ReadOnlySpan<float> gain, ReadOnlySpan<float> bias)
    {
        Span<float> mean = new float[width];
        for (var row = 0; row < rows; row++) TensorPrimitives.Add(mean, Row(batch, row), mean);
        TensorPrimitives.Divide(mean, rows, mean);
        scale.AsSpan().Clear();
        for (var row = 0; row < rows; row++)
        {
            var n = Row(normal, row);
            TensorPrimitives.Subtract(Row(batch, row), mean, n);
            TensorPrimitives.MultiplyAdd(n, n, scale, scale);
        }

        for (var h = 0; h < width; h++) scale[h] = 1 / MathF.Sqrt(scale[h] / rows + (float)CtganGenerator.NormEpsilon);
        for (var row = 0; row < rows; row++)
        {
            Span<float> n = Row(normal, row), y = Row(output, row);
            TensorPrimitives.Multiply(n, scale, n);
            TensorPrimitives.MultiplyAdd(n, gain, bias, y);
            TensorPrimitives.Max(y, 0, y);
        }

        output.CopyTo(batch);
    }

    /// <summary>Of the last batch.</summary>
    /// <param name="gradient">dL/doutput, becomes dL/dx.</param>
    /// <param name="gain">As before.</param>
    /// <param name="byGain">dL/dgain is added.</param>
    /// <param name="byBias">dL/dbias is added.</param>
    public void Backward(Span<float> gradient, ReadOnlySpan<float> gain, Span<float> byGain, Span<float> byBias)
    {
        Gate(gradient, output);
        Span<float> sum = new float[width], product = new float[width], stretch = new float[width];
        for (var row = 0; row < rows; row++)
        {
            TensorPrimitives.Add(sum, Row(gradient, row), sum);
            TensorPrimitives.MultiplyAdd(Row(gradient, row), Row(normal, row), product, product);
        }

        TensorPrimitives.Add(byBias, sum, byBias);
        TensorPrimitives.Add(byGain, product, byGain);
        TensorPrimitives.Divide(sum, rows, sum);
        TensorPrimitives.Divide(product, -rows, product);
        TensorPrimitives.Multiply(gain, scale, stretch);
        for (var row = 0; row < rows; row++)
        {
            var d = Row(gradient, row);
            TensorPrimitives.Subtract(d, sum, d);
            TensorPrimitives.MultiplyAdd(Row(normal, row), product, d, d);
            TensorPrimitives.Multiply(d, stretch, d);
        }
    }

    private static void Gate(Span<float> gradient, ReadOnlySpan<float> output)
    {
        var i = 0;
        for (; i + Vector<float>.Count <= gradient.Length; i += Vector<float>.Count)
        {
            var open = Vector.GreaterThan(new Vector<float>(output[i..]), Vector<float>.Zero);
            Vector.ConditionalSelect(open, new Vector<float>(gradient[i..]), Vector<float>.Zero).CopyTo(gradient[i..]);
        }

        for (; i < gradient.Length; i++) if (output[i] <= 0) gradient[i] = 0;
    }

    private Span<float> Row(Span<float> values, int row) => values.Slice(row * width, width);
}
