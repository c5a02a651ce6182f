namespace SynthStudio.Synthesis.Mixed;

/// <summary>
/// Rows for networks to be shown one by one in any order: what belongs to a row lies together, else most of the time went
/// into waiting for memory.
/// </summary>
internal sealed class SpelledRows
{
    private readonly MixedLayout layout;
    private readonly int[] tokens;
    private readonly float[] scalars;

    public SpelledRows(MixedLayout layout, MixedRows rows)
    {
        this.layout = layout;
        tokens = new int[rows.Count * layout.Count];
        scalars = new float[rows.Count * layout.Scalars];
        for (var c = 0; c < layout.Count; c++)
        {
            var (offset, s) = (layout.Scalars + layout.TokenOffset[c], layout.ScalarIndex[c]);
            for (var row = 0; row < rows.Count; row++)
            {
                tokens[row * layout.Count + c] = offset + rows.Symbols[c][row];
                if (s >= 0) scalars[row * layout.Scalars + s] = rows.Scalars[c]![row];
            }
        }
    }

    /// <summary>Writes a row as networks see it, scalars first, then one-hot symbols.</summary>
    /// <param name="row">Number of the row.</param>
    /// <param name="target">[A + V], all 0 before.</param>
    public void SpellOut(int row, Span<float> target)
    {
        scalars.AsSpan(row * layout.Scalars, layout.Scalars).CopyTo(target);
        foreach (var token in tokens.AsSpan(row * layout.Count, layout.Count)) target[token] = 1;
    }
}
