namespace SynthStudio.Synthesis.Points;

/// <summary>A box in the plane.</summary>
/// <param name="Left">Least longitude.</param>
/// <param name="Right">Greatest longitude.</param>
/// <param name="Bottom">Least latitude.</param>
/// <param name="Top">Greatest latitude.</param>
internal readonly record struct PointBox(double Left, double Right, double Bottom, double Top)
{
    /// <summary>Bits of a place along each side: together fewer than the nine decimal digits that a number keeps.</summary>
    private const int Bits = 14;

    private const int PlacesAlongSide = 1 << Bits;

    /// <summary>The box of some points, its sides moved out to round numbers: else they were coordinates of single points.</summary>
    public static PointBox Around(int[] points, double[] x, double[] y)
    {
        var (left, right) = Round(points.Min(i => x[i]), points.Max(i => x[i]));
        var (bottom, top) = Round(points.Min(i => y[i]), points.Max(i => y[i]));
        return new PointBox(left, right, bottom, top);
    }

    /// <summary>Where a point lies in the box, as one number from 0 to below 1: the bits of both places in turn (Morton, 1966).</summary>
    public double PlaceOf(double x, double y)
    {
        var (i, j) = (Place(x, Left, Right), Place(y, Bottom, Top));
        long place = 0;
        for (var bit = Bits - 1; bit >= 0; bit--) place = (place << 2) | ((i >> bit & 1) << 1) | (j >> bit & 1);
        return place / ((double)PlacesAlongSide * PlacesAlongSide);
    }

    /// <summary>The point at a place.</summary>
    public (double X, double Y) PointAt(double place)
    {
        var bits = (long)Math.Round(Math.Clamp(place, 0, 1) * PlacesAlongSide * PlacesAlongSide);
        bits = Math.Min(bits, ((long)PlacesAlongSide * PlacesAlongSide) - 1);
        long i = 0, j = 0;
        for (var bit = Bits - 1; bit >= 0; bit--) (i, j) = ((i << 1) | (bits >> (2 * bit + 1) & 1), (j << 1) | (bits >> (2 * bit) & 1));
        return (X(i), Y(j));
    }

    /// <summary>A part of the box, quartered so often.</summary>
    /// <param name="depth">How often.</param>
    /// <param name="column">Place of the part from the left, 0 .. 2^depth - 1.</param>
    /// <param name="row">Place of the part from the bottom.</param>
    public PointBox Part(int depth, int column, int row)
    {
        var size = PlacesAlongSide >> depth;
        return new PointBox(X(column * size), X((column + 1) * size - 1), Y(row * size), Y((row + 1) * size - 1));
    }

    /// <summary>The numbers that stand for places in a part of a box; see <see cref="Part"/>.</summary>
    public static (double Low, double High) Places(int depth, int column, int row)
    {
        long part = 0, all = (long)PlacesAlongSide * PlacesAlongSide, size = all >> (2 * depth);
        for (var bit = depth - 1; bit >= 0; bit--) part = (part << 2) | ((long)(column >> bit & 1) << 1) | ((long)row >> bit & 1);
        var (first, next) = (part * size, (part + 1) * size);

        // Numbers are rounded to the nearest place.
        return (first == 0 ? 0 : (first - 0.5) / all, next == all ? 1 : (next - 0.5) / all);
    }

    private double X(long place) => Left + (Right - Left) * place / (PlacesAlongSide - 1);

    private double Y(long place) => Bottom + (Top - Bottom) * place / (PlacesAlongSide - 1);

    private static long Place(double value, double low, double high) =>
        high > low ? (long)Math.Round(Math.Clamp((value - low) / (high - low), 0, 1) * (PlacesAlongSide - 1)) : 0;

    private static (double Low, double High) Round(double low, double high)
    {
        if (low == high) return (low, high);
        var step = Math.Pow(10, Math.Floor(Math.Log10((high - low) / 10)));
        return (Math.Floor(low / step) * step, Math.Ceiling(high / step) * step);
    }
}
