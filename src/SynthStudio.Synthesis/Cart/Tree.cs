namespace SynthStudio.Synthesis.Cart;

/// <summary>
/// A classification tree as arrays. Node 0 is the root; an inner node's children stand side by side; a leaf names the training rows' cells
/// in it, ascending.
/// </summary>
internal sealed class Tree
{
    /// <summary>64-bit words of a set of bins.</summary>
    public const int MaskWords = PredictorBins.MaxBins / 64;

    /// <summary>By node: index of the predictor looked at; -1 at a leaf.</summary>
    public required int[] Predictor { get; init; }

    /// <summary>By inner node: its left child, the right one follows; by leaf: where its cells begin.</summary>
    public required int[] Next { get; init; }

    /// <summary>By leaf: number of its cells; 0 at inner nodes.</summary>
    public required int[] LeafRows { get; init; }

    /// <summary>By node, <see cref="MaskWords"/> words each: the bins that go left.</summary>
    public required ulong[] LeftBins { get; init; }

    /// <summary>The cells of all leaves.</summary>
    public required ushort[] Cells { get; init; }

    public int Leaves => LeafRows.Count(rows => rows > 0);

    /// <summary>The cells of the leaf that a row falls into.</summary>
    /// <param name="bins">By predictor, by row.</param>
    /// <param name="row">The row.</param>
    public ReadOnlySpan<ushort> Leaf(byte[][] bins, int row)
    {
        var node = 0;
        while (Predictor[node] >= 0)
        {
            var bin = bins[Predictor[node]][row];
            node = Next[node] + ((LeftBins[node * MaskWords + (bin >> 6)] >> (bin & 63) & 1) == 1 ? 0 : 1);
        }

        return Cells.AsSpan(Next[node], LeafRows[node]);
    }
}
