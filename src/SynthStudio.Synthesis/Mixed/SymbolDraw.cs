using System.Numerics.Tensors;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Mixed;

/// <summary>Draws symbols from logits: from the learned distribution, not its most frequent symbol, which would make rare ones rarer.</summary>
internal static class SymbolDraw
{
    /// <summary>Draws one symbol of each column for every row: any that its codec lets be drawn.</summary>
    public static ushort[][] Draw(MixedLayout layout, float[] logits, SeededStream random) =>
        Draw(layout, [.. layout.Columns.Select(column => column.Drawable)], logits, random);

    /// <summary>Draws one symbol of each column for every row.</summary>
    /// <param name="layout">The columns.</param>
    /// <param name="drawable">By column: symbols that may be drawn, at least one.</param>
    /// <param name="logits">[B, V], row-major; overwritten.</param>
    /// <param name="random">One number a row and column is drawn from it.</param>
    /// <returns>[column][row].</returns>
    public static ushort[][] Draw(MixedLayout layout, IReadOnlyList<bool[]> drawable, float[] logits, SeededStream random)
    {
        var rows = logits.Length / layout.Tokens;
        var drawn = new ushort[layout.Count][];
        for (var c = 0; c < layout.Count; c++) drawn[c] = new ushort[rows];
        for (var row = 0; row < rows; row++)
        {
            for (var c = 0; c < layout.Count; c++)
            {
                var span = logits.AsSpan(row * layout.Tokens + layout.TokenOffset[c], layout.Columns[c].Symbols);
                drawn[c][row] = One(span, drawable[c], random.NextSingle());
            }
        }

        return drawn;
    }

    private static ushort One(Span<float> logits, bool[] drawable, float choice)
    {
        TensorPrimitives.Subtract(logits, TensorPrimitives.Max<float>(logits), logits);
        TensorPrimitives.Exp<float>(logits, logits);
        float sum = 0;
        for (var s = 0; s < logits.Length; s++) sum += drawable[s] ? logits[s] : 0;
        var left = choice * sum;
        var last = 0;
        for (var s = 0; s < logits.Length; s++)
        {
            if (!drawable[s]) continue;
            last = s;
            if ((left -= logits[s]) < 0) break;
        }

        return (ushort)last;
    }
}
