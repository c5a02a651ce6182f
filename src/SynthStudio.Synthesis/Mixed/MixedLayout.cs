namespace SynthStudio.Synthesis.Mixed;

/// <summary>Where the columns' scalars and symbols lie in a network's inputs and outputs: scalars first, then a span of logits a column.</summary>
internal sealed class MixedLayout
{
    public MixedLayout(IReadOnlyList<MixedColumn> columns)
    {
        Columns = columns;
        TokenOffset = new int[columns.Count];
        ScalarIndex = new int[columns.Count];
        Symbols = [.. columns.Select(column => column.Symbols)];
        for (var c = 0; c < columns.Count; c++)
        {
            TokenOffset[c] = Tokens;
            Tokens += Symbols[c];
            ScalarIndex[c] = columns[c].HasScalar ? Scalars++ : -1;
        }
    }

    public IReadOnlyList<MixedColumn> Columns { get; }

    /// <summary>C.</summary>
    public int Count => Columns.Count;

    /// <summary>A, columns with a scalar.</summary>
    public int Scalars { get; }

    /// <summary>V, symbols of all columns.</summary>
    public int Tokens { get; }

    /// <summary>D = A + V, width of a row.</summary>
    public int Width => Scalars + Tokens;

    /// <summary>By column: the number of its symbols.</summary>
    public int[] Symbols { get; }

    /// <summary>By column: its first symbol among those of all columns.</summary>
    public int[] TokenOffset { get; }

    /// <summary>By column: its scalar, or -1.</summary>
    public int[] ScalarIndex { get; }

    /// <summary>By symbol: logarithm of its share of the training rows in its column.</summary>
    public float[] LogShares()
    {
        var shares = new float[Tokens];
        for (var c = 0; c < Count; c++)
        {
            var counts = Columns[c].Counts;
            var total = counts.Sum() + 0.1 * counts.Length;
            for (var s = 0; s < counts.Length; s++) shares[TokenOffset[c] + s] = (float)Math.Log((counts[s] + 0.1) / total);
        }

        return shares;
    }
}
