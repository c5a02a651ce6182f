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

    /// <summary>Of a row: -g [V], and its logits [V] with room for <see cref="RowSoftmax"/>.</summary>
    private readonly float[] noise = new float[layout.Tokens], logits = new float[layout.Tokens + RowSoftmax.Slack];

    /// <summary>Rows for the critic, [B, A + V].</summary>
    /// <param name="output">o, [B, A + V].</param>
    /// <param name="random">Of the Gumbel noise.</param>
    /// <param name="soft">y.</param>
    public void Forward(ReadOnlySpan<float> output, SeededStream random, Span<float> soft)
    {
        var lanes = new SeededLanes(random);
        var drawn = logits.AsSpan(0, layout.Tokens);
        for (var row = 0; row < rows; row++)
        {
            var o = output.Slice(row * layout.Width, layout.Width);
            var y = soft.Slice(row * layout.Width, layout.Width);
            TensorPrimitives.Tanh(o[..layout.Scalars], y[..layout.Scalars]);
            lanes.FillUniform(noise);
            TensorPrimitives.Log<float>(noise, noise);
            TensorPrimitives.Negate<float>(noise, noise);
            TensorPrimitives.Log<float>(noise, noise);
            TensorPrimitives.Subtract(o[layout.Scalars..], noise, drawn);
            TensorPrimitives.Multiply(drawn, 1 / Temperature, drawn);
            for (var c = 0; c < layout.Count; c++) RowSoftmax.Apply(logits.AsSpan(layout.TokenOffset[c]), layout.Symbols[c]);
            drawn.CopyTo(y[layout.Scalars..]);
        }
    }

    /// <summary>The derivative of the loss by the outputs.</summary>
    /// <param name="output">o, [B, A + V].</param>
    /// <param name="soft">y.</param>
    /// <param name="asked">By row: its column and the symbol it was asked for; none without conditions.</param>
    /// <param name="share">Of the cross-entropy in the loss.</param>
    /// <param name="gradient">Comes as dL/dy, leaves as dL/do with the cross-entropy's part added.</param>
    /// <returns>The mean cross-entropy's share.</returns>
    public double Backward(
        ReadOnlySpan<float> output, ReadOnlySpan<float> soft, ReadOnlySpan<(int Column, int Symbol)> asked,
        float share, Span<float> gradient)
    {
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
                for (var s = 0; s < p.Length; s++) g[s] = p[s] * (g[s] - mean) * (1 / Temperature);
            }

            if (asked.Length == 0) continue;
            var (column, symbol) = asked[row];
            Span(output.Slice(row * layout.Width + layout.Scalars, layout.Tokens), column).CopyTo(logits);
            RowSoftmax.Apply(logits, layout.Symbols[column]);
            var shares = logits.AsSpan(0, layout.Symbols[column]);
            crossEntropy -= Math.Log(shares[symbol]);
            var slope = Span(slopes, column);
            for (var s = 0; s < shares.Length; s++) slope[s] += (shares[s] - (s == symbol ? 1 : 0)) * (share / rows);
        }

        return crossEntropy * share / rows;
    }

    private Span<float> Span(Span<float> symbols, int column) => symbols.Slice(layout.TokenOffset[column], layout.Symbols[column]);

    private ReadOnlySpan<float> Span(ReadOnlySpan<float> symbols, int column) => symbols.Slice(layout.TokenOffset[column], layout.Symbols[column]);
}
