using System.Numerics;

namespace SynthStudio.Synthesis.Autoregressive.Refinement;

/// <summary>Signed distances between cells of a numeric column, gathered in bins that double in width: equal, next, next but one, 3 to 4, 5 to 8, ...</summary>
internal static class CellDistance
{
    /// <summary>The bin of what has no distance: a missing value on either side.</summary>
    public const byte None = 0;

    /// <summary>Magnitudes: 0, 1, 2, 3..4, 5..8, ..., and all above the last doubling.</summary>
    private const int Magnitudes = 13;

    /// <summary>The bin of equal cells.</summary>
    public const byte Equal = Magnitudes;

    /// <summary>Number of bins; those of distances ascend.</summary>
    public const int Bins = 2 * Magnitudes;

    /// <summary>The bin of a distance.</summary>
    public static byte BinOf(int distance)
    {
        var size = Math.Abs(distance);
        var magnitude = Math.Min(size < 2 ? size : 33 - BitOperations.LeadingZeroCount((uint)(size - 1)), Magnitudes - 1);
        return (byte)(Equal + Math.Sign(distance) * magnitude);
    }

    /// <summary>A distance of a bin, uniformly.</summary>
    /// <param name="bin">Not <see cref="None"/>.</param>
    /// <param name="uniform">In [0, 1).</param>
    public static int DistanceIn(int bin, float uniform)
    {
        var (least, most) = SizesOf(bin);
        return Math.Sign(bin - Equal) * (least + (int)(uniform * (most - least + 1)));
    }

    /// <summary>How many distances a bin has that <see cref="DistanceIn"/> gives.</summary>
    /// <param name="bin">Not <see cref="None"/>.</param>
    public static int WidthOf(int bin)
    {
        var (least, most) = SizesOf(bin);
        return most - least + 1;
    }

    private static (int Least, int Most) SizesOf(int bin)
    {
        var magnitude = Math.Abs(bin - Equal);
        var most = magnitude < 2 ? magnitude : 1 << (magnitude - 1);
        return (magnitude < 3 ? most : (most >> 1) + 1, most);
    }
}
