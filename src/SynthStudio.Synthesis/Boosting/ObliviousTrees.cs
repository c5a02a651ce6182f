using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SynthStudio.Synthesis.Boosting;

/// <summary>
/// A sum of trees whose nodes of one level all ask the same question, "is the feature's bin above the threshold?" (the symmetric trees of
/// CatBoost, arXiv:1706.09516). The answers, one bit a level, are the number of the leaf; so 64 rows go down a tree in a few vector operations.
/// </summary>
/// <param name="Depth">Levels of each tree.</param>
/// <param name="Features">By tree, by level: the feature asked for.</param>
/// <param name="Thresholds">By tree, by level: bins above it answer 1.</param>
/// <param name="Leaves">By tree, by leaf: what the tree adds.</param>
internal sealed record ObliviousTrees(int Depth, int[] Features, byte[] Thresholds, float[] Leaves)
{
    /// <summary>Most levels of a tree: the number of a leaf is a byte.</summary>
    public const int MostDepth = 8;

    /// <summary>Number of trees.</summary>
    public int Count => Features.Length / Depth;

    /// <summary>All trees of a list, in its order.</summary>
    public static ObliviousTrees Join(int depth, IReadOnlyCollection<ObliviousTrees> parts) =>
        new(depth, [.. parts.SelectMany(part => part.Features)], [.. parts.SelectMany(part => part.Thresholds)], [.. parts.SelectMany(part => part.Leaves)]);

    /// <summary>Adds the trees' sum to the score of each row, tree after tree: equal rows get equal bits wherever they stand.</summary>
    /// <param name="bins">By feature, by row; at least as many rows as scores.</param>
    /// <param name="scores">By row.</param>
    public void AddTo(byte[][] bins, Span<float> scores)
    {
        Span<byte> leaves = stackalloc byte[Vector512<byte>.Count];
        for (var first = 0; first < scores.Length; first += leaves.Length)
        {
            var target = scores[first..Math.Min(first + leaves.Length, scores.Length)];
            for (var tree = 0; tree < Count; tree++)
            {
                if (target.Length == leaves.Length) LeavesOf(tree, bins, first).CopyTo(leaves);
                else for (var i = 0; i < target.Length; i++) leaves[i] = LeafOf(tree, bins, first + i);
                var values = Leaves.AsSpan(tree << Depth, 1 << Depth);
                for (var i = 0; i < target.Length; i++) target[i] += values[leaves[i]];
            }
        }
    }

    /// <summary>The leaf of a tree that a row falls into.</summary>
    public byte LeafOf(int tree, byte[][] bins, int row)
    {
        var leaf = 0;
        for (var level = 0; level < Depth; level++)
        {
            if (bins[Features[tree * Depth + level]][row] > Thresholds[tree * Depth + level]) leaf |= 1 << level;
        }

        return (byte)leaf;
    }

    private Vector512<byte> LeavesOf(int tree, byte[][] bins, int row)
    {
        var leaves = Vector512<byte>.Zero;
        for (var level = 0; level < Depth; level++)
        {
            var bin = Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(bins[Features[tree * Depth + level]]), (nuint)row);
            leaves |= Vector512.GreaterThan(bin, Vector512.Create(Thresholds[tree * Depth + level])) & Vector512.Create((byte)(1 << level));
        }

        return leaves;
    }
}
