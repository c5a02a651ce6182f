using System.Text.Json;
using System.Text.Json.Serialization;

namespace SynthStudio.Synthesis.Points;

/// <summary>
/// Boxes around the points of a plane, each about equally many: a k-d tree (Bentley, 1975) halves the points along the longer side until few
/// are left, and every leaf has the box of its own points, so that the empty parts of the plane are in none. The boxes are numbered in the
/// tree's order, in which neighbours lie close to each other.
/// </summary>
/// <param name="splits">By node, the node's own index first in each branch: where it is cut.</param>
/// <param name="boxes">By leaf, in order.</param>
[method: JsonConstructor]
internal sealed class PointBoxes(PointSplit[] splits, PointBox[] boxes)
{
    /// <summary>Points that a box has at least: no box tells of fewer people.</summary>
    private const int LeastPoints = 16;

    private const int MostBoxes = 2_048;

    public PointSplit[] Splits { get; } = IsTree(splits, boxes) ? splits : throw new JsonException("The boxes of points make no tree.");

    public PointBox[] Boxes { get; } = boxes;

    /// <param name="x">Longitudes.</param>
    /// <param name="y">Latitudes, as many.</param>
    public static PointBoxes Fit(double[] x, double[] y)
    {
        var splits = new List<PointSplit>();
        var boxes = new List<PointBox>();
        var least = Math.Max(LeastPoints, x.Length / MostBoxes);
        // A degree of longitude is as long as a degree of latitude at the equator only.
        var shrink = Math.Cos(Math.PI / 180 * y.Average());
        Grow(Enumerable.Range(0, x.Length).ToArray());
        return new PointBoxes([.. splits], [.. boxes]);

        void Grow(int[] points)
        {
            var (width, height) = (points.Max(i => x[i]) - points.Min(i => x[i]), points.Max(i => y[i]) - points.Min(i => y[i]));
            var alongX = width * shrink >= height;
            if (points.Length < 2 * least || (Cut(alongX) ?? Cut(alongX = !alongX)) is not { } cut)
            {
                splits.Add(new PointSplit(PointSplit.Leaf, 0, boxes.Count));
                boxes.Add(PointBox.Around(points, x, y));
                return;
            }

            var values = alongX ? x : y;
            var node = splits.Count;
            splits.Add(default);
            Grow(Array.FindAll(points, i => values[i] <= cut));
            splits[node] = new PointSplit(alongX ? PointSplit.AlongX : PointSplit.AlongY, cut, splits.Count);
            Grow(Array.FindAll(points, i => values[i] > cut));

            // Halfway between the two neighbouring values that halve the points best; null when a half would have too few.
            double? Cut(bool ofX)
            {
                var sorted = Array.ConvertAll(points, i => ofX ? x[i] : y[i]);
                Array.Sort(sorted);
                var middle = sorted.Length / 2;
                var (below, above) = (Array.FindIndex(sorted, v => v == sorted[middle]), Array.FindLastIndex(sorted, v => v == sorted[middle]) + 1);
                var at = middle - below <= above - middle ? below : above;
                if (at < least || sorted.Length - at < least) at = at == below ? above : below;
                return at < least || sorted.Length - at < least ? null : (sorted[at - 1] + sorted[at]) / 2;
            }
        }
    }

    /// <summary>The number of the box that a point belongs to.</summary>
    public int BoxOf(double x, double y)
    {
        var node = 0;
        while (Splits[node].Axis != PointSplit.Leaf)
            node = (Splits[node].Axis == PointSplit.AlongX ? x : y) <= Splits[node].At ? node + 1 : Splits[node].Next;
        return Splits[node].Next;
    }

    /// <summary>
    /// Whether every way down ends at a box, as it does where each node leads to later ones: whoever writes a package may say otherwise.
    /// </summary>
    private static bool IsTree(PointSplit[]? splits, PointBox[]? boxes)
    {
        if (splits is not { Length: > 0 } || boxes is null) return false;
        for (var node = 0; node < splits.Length; node++)
        {
            var (axis, _, next) = splits[node];
            var isSound = axis == PointSplit.Leaf
                ? next >= 0 && next < boxes.Length
                : axis is PointSplit.AlongX or PointSplit.AlongY && next > node + 1 && next < splits.Length;
            if (!isSound) return false;
        }

        return true;
    }
}

/// <summary>A node of the tree.</summary>
/// <param name="Axis">Along what it is cut.</param>
/// <param name="At">Values up to this belong to the first half, which is the next node.</param>
/// <param name="Next">The node of the second half; of a leaf the number of its box.</param>
internal readonly record struct PointSplit(int Axis, double At, int Next)
{
    public const int Leaf = 0, AlongX = 1, AlongY = 2;
}
