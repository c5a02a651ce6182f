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

    private const int Places = 1 << Bits;

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
        return place / ((double)Places * Places);
    }

    /// <summary>The point at a place.</summary>
    public (double X, double Y) PointAt(double place)
    {
        var bits = (long)Math.Round(Math.Clamp(place, 0, 1) * Places * Places);
        bits = Math.Min(bits, ((long)Places * Places) - 1);
        long i = 0, j = 0;
        for (var bit = Bits - 1; bit >= 0; bit--) (i, j) = ((i << 1) | (bits >> (2 * bit + 1) & 1), (j << 1) | (bits >> (2 * bit) & 1));
        return (Left + (Right - Left) * i / (Places - 1), Bottom + (Top - Bottom) * j / (Places - 1));
    }

    private static long Place(double value, double low, double high) =>
        high > low ? (long)Math.Round(Math.Clamp((value - low) / (high - low), 0, 1) * (Places - 1)) : 0;

    private static (double Low, double High) Round(double low, double high)
    {
        if (low == high) return (low, high);
        var step = Math.Pow(10, Math.Floor(Math.Log10((high - low) / 10)));
        return (Math.Floor(low / step) * step, Math.Ceiling(high / step) * step);
    }
}
