namespace SynthStudio.Synthesis.Points;

/// <summary>
/// The places (<see cref="PointBox.PlaceOf"/>) whose points may lie in a rectangle, as ranges of numbers: a box, or a quarter of a box and so on, of
/// which all points lie in it, and small ones at its edges of which some do.
/// </summary>
/// <param name="frame">Points are moved into it.</param>
/// <param name="wanted">The rectangle; its sides may be infinite.</param>
/// <param name="width">What rounding moves a point by at most, to each side.</param>
/// <param name="height">The same, up and down.</param>
internal sealed class PlacesWithin(PointBox frame, PointBox wanted, double width, double height)
{
    /// <summary>So often a box at an edge is quartered.</summary>
    private const int Quarterings = 5;

    private readonly List<(double Low, double High)> ranges = [];

    /// <summary>Of boxes that are numbered in this order; none when no point may lie in the rectangle.</summary>
    public static IReadOnlyList<(double Low, double High)> Of(IReadOnlyList<PointBox> boxes, PointBox frame, PointBox wanted, double width, double height)
    {
        var places = new PlacesWithin(frame, wanted, width, height);
        for (var box = 0; box < boxes.Count; box++) places.Add(box, boxes[box], 0, 0, 0, Quarterings);
        return places.ranges;
    }

    /// <summary>Adds what is wanted of a quarter of a quarter ... of a box.</summary>
    /// <param name="number">The box's number.</param>
    /// <param name="box">The box.</param>
    /// <param name="depth">How often it was quartered.</param>
    /// <param name="column">Place of the part from the left, 0 .. 2^depth - 1.</param>
    /// <param name="row">Place of the part from the bottom.</param>
    /// <param name="left">How often it may still be quartered.</param>
    private void Add(int number, PointBox box, int depth, int column, int row, int left)
    {
        var part = box.Part(depth, column, row);
        double west = Math.Clamp(part.Left, frame.Left, frame.Right) - width, east = Math.Clamp(part.Right, frame.Left, frame.Right) + width;
        double south = Math.Clamp(part.Bottom, frame.Bottom, frame.Top) - height, north = Math.Clamp(part.Top, frame.Bottom, frame.Top) + height;
        if (east < wanted.Left || west > wanted.Right || north < wanted.Bottom || south > wanted.Top) return;
        if (left == 0 || (west >= wanted.Left && east <= wanted.Right && south >= wanted.Bottom && north <= wanted.Top))
        {
            var (low, high) = PointBox.Places(depth, column, row);
            if (ranges.Count > 0 && ranges[^1].High == number + low) ranges[^1] = ranges[^1] with { High = number + high };
            else ranges.Add((number + low, number + high));
            return;
        }

        // In the order of places.
        for (var quarter = 0; quarter < 4; quarter++) Add(number, box, depth + 1, (2 * column) + (quarter >> 1), (2 * row) + (quarter & 1), left - 1);
    }
}
