namespace SynthStudio.Synthesis.Mixed;

/// <summary>Encoded rows, column by column.</summary>
/// <param name="Symbols">[column][row].</param>
/// <param name="Scalars">[column][row]; null for columns without scalars.</param>
internal sealed record MixedRows(ushort[][] Symbols, float[]?[] Scalars)
{
    public int Count => Symbols[0].Length;

    /// <summary>Writes a row as networks see it, scalars first, then one-hot symbols.</summary>
    /// <param name="layout">Of the columns.</param>
    /// <param name="row">Number of the row.</param>
    /// <param name="target">[A + V], all 0 before.</param>
    public void SpellOut(MixedLayout layout, int row, Span<float> target)
    {
        for (var c = 0; c < layout.Count; c++)
        {
            target[layout.Scalars + layout.TokenOffset[c] + Symbols[c][row]] = 1;
            if (layout.ScalarIndex[c] is var s and >= 0) target[s] = Scalars[c]![row];
        }
    }
}
