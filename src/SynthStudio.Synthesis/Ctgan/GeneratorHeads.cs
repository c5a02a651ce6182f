using System.Numerics.Tensors;
using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Ctgan;

/// <summary>
/// What the generator's outputs o become for the critic, and the way back: tanh for scalars, for symbols the Gumbel-softmax of arXiv:1611.01144.
/// <code>
/// y = tanh(o);                                          dL/do = (1 - y^2) dL/dy
/// y = softmax((o + g) / T), g Gumbel noise;             dL/do = y (dL/dy - sum of y dL/dy) / T
/// cross-entropy to a symbol s asked for;                dL/do = (softmax(o) - [s]) / rows
/// </code>
/// On plain arrays: a graph would pass a dozen times over the batch. For one thread.
/// </summary>
/// <param name="layout">A scalars, then V symbols in one span a column.</param>
/// <param name="rows">B.</param>
internal sealed class GeneratorHeads(MixedLayout layout, int rows)
{
    /// <summary>T, the sharpness of the soft symbols.</summary>
    public const float Temperature = 0.2f;

    /// <summary>Exponents below this count as this: see <see cref="SpanSoftmax"/>.</summary>
    private const float LeastExponent = -20;

    /// <summary>In the place of a uniform number of 0, half a step of their grid.</summary>
    private const float LeastUniform = 0.5f / (1 << 24);

    /// <summary>g, [B, V].</summary>
    private readonly float[] gumbel = new float[rows * layout.Tokens];

    /// <summary>Rows for the critic, [B, A + V].</summary>
    /// <param name="output">o, [B, A + V].</param>
    /// <param name="noise">Of the Gumbel noise.</param>
    /// <param name="soft">y.</param>
    public void Forward(ReadOnlySpan<float> output, SeededStream noise, Span<float> soft)
    {
        for (var i = 0; i < gumbel.Length; i++) gumbel[i] = MathF.Max(noise.NextSingle(), LeastUniform);
        TensorPrimitives.Log<float>(gumbel, gumbel);
        TensorPrimitives.Negate<float>(gumbel, gumbel);
        TensorPrimitives.Log<float>(gumbel, gumbel);
        TensorPrimitives.Negate<float>(gumbel, gumbel);
        for (var row = 0; row < rows; row++)
        {
            var o = output.Slice(row * layout.Width, layout.Width);
            var y = soft.Slice(row * layout.Width, layout.Width);
            TensorPrimitives.Tanh(o[..layout.Scalars], y[..layout.Scalars]);
            var logits = y[layout.Scalars..];
            TensorPrimitives.Add(o[layout.Scalars..], gumbel.AsSpan(row * layout.Tokens, layout.Tokens), logits);
            TensorPrimitives.Multiply(logits, 1 / Temperature, logits);
            for (var c = 0; c < layout.Count; c++)
            {
                var span = Span(logits, c);
                TensorPrimitives.Subtract(span, TensorPrimitives.Max<float>(span), span);
            }

            TensorPrimitives.Max(logits, LeastExponent, logits);
            TensorPrimitives.Exp<float>(logits, logits);
            for (var c = 0; c < layout.Count; c++)
            {
                var span = Span(logits, c);
                TensorPrimitives.Divide(span, TensorPrimitives.Sum<float>(span), span);
            }
        }
    }

    /// <summary>The derivative of the loss by the outputs.</summary>
    /// <param name="output">o, [B, A + V].</param>
    /// <param name="soft">y.</param>
    /// <param name="asked">By row: its column and the symbol it was asked for; none without conditions.</param>
    /// <param name="gradient">Comes as dL/dy, leaves as dL/do with the cross-entropy's part added.</param>
    /// <returns>The mean cross-entropy.</returns>
    public double Backward(ReadOnlySpan<float> output, ReadOnlySpan<float> soft, ReadOnlySpan<(int Column, int Symbol)> asked, Span<float> gradient)
    {
        Span<float> share = stackalloc float[0];
        double crossEntropy = 0;
        for (var row = 0; row < rows; row++)
        {
            var y = soft.Slice(row * layout.Width, layout.Width);
            var d = gradient.Slice(row * layout.Width, layout.Width);
            for (var s = 0; s < layout.Scalars; s++) d[s] *= 1 - y[s] * y[s];
            var symbols = y[layout.Scalars..];
            var slopes = d[layout.Scalars..];
            for (var c = 0; c < layout.Count; c++)
            {
                var p = Span(symbols, c);
                var g = Span(slopes, c);
                var mean = TensorPrimitives.Dot(p, g);
                for (var s = 0; s < p.Length; s++) g[s] = p[s] * (g[s] - mean) / Temperature;
            }

            if (asked.Length == 0) continue;
            var (column, symbol) = asked[row];
            var logits = Span(output.Slice(row * layout.Width + layout.Scalars, layout.Tokens), column);
            if (share.Length < logits.Length) share = new float[logits.Length];
            var shares = share[..logits.Length];
            logits.CopyTo(shares);
            Softmax(shares);
            crossEntropy -= Math.Log(shares[symbol]);
            var slope = Span(slopes, column);
            for (var s = 0; s < shares.Length; s++) slope[s] += (shares[s] - (s == symbol ? 1 : 0)) / rows;
        }

        return crossEntropy / rows;
    }

    private static void Softmax(Span<float> logits)
    {
        TensorPrimitives.Subtract(logits, TensorPrimitives.Max<float>(logits), logits);
        TensorPrimitives.Max(logits, LeastExponent, logits);
        TensorPrimitives.Exp<float>(logits, logits);
        TensorPrimitives.Divide(logits, TensorPrimitives.Sum<float>(logits), logits);
    }

    private Span<float> Span(Span<float> symbols, int column) => symbols.Slice(layout.TokenOffset[column], layout.Symbols[column]);

    private ReadOnlySpan<float> Span(ReadOnlySpan<float> symbols, int column) => symbols.Slice(layout.TokenOffset[column], layout.Symbols[column]);
}
