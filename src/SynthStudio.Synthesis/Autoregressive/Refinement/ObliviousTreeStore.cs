using SynthStudio.Synthesis.Boosting;
using SynthStudio.Synthesis.Packages;

namespace SynthStudio.Synthesis.Autoregressive.Refinement;

/// <summary>Trees in a package's binary entries.</summary>
internal static class ObliviousTreeStore
{
    public static void Write(BinaryWriter writer, ObliviousTrees trees)
    {
        writer.Write(trees.Depth);
        BinaryArrays.Write<int>(writer, trees.Features);
        BinaryArrays.Write<byte>(writer, trees.Thresholds);
        BinaryArrays.Write<float>(writer, trees.Leaves);
    }

    /// <exception cref="InvalidDataException">The trees are too deep.</exception>
    /// <exception cref="EndOfStreamException">Bytes are missing.</exception>
    public static ObliviousTrees Read(BinaryReader reader)
    {
        var depth = reader.ReadInt32();
        if (depth is < 1 or > ObliviousTrees.MostDepth) throw new InvalidDataException("the refinement is damaged: trees are too deep");
        return new ObliviousTrees(depth, BinaryArrays.Read<int>(reader), BinaryArrays.Read<byte>(reader), BinaryArrays.Read<float>(reader));
    }

    /// <summary>Whether the trees are whole and ask for no more features than there are.</summary>
    public static bool Fits(ObliviousTrees trees, int features) =>
        trees.Features.Length == trees.Count * trees.Depth && trees.Thresholds.Length == trees.Features.Length
        && trees.Leaves.Length == trees.Count << trees.Depth
        && Array.TrueForAll(trees.Features, feature => feature >= 0 && feature < features)
        && Array.TrueForAll(trees.Leaves, float.IsFinite);
}
