using System.Text.Json.Serialization;

namespace SynthStudio.Synthesis.Encoding;

/// <summary>
/// The values a numeric column can take: <see cref="Origin"/> plus whole multiples of <see cref="Step"/>, written with
/// <see cref="Decimals"/> digits. Integers, cents, whole hundreds and days are all grids.
/// </summary>
/// <param name="Origin">A value on the grid.</param>
/// <param name="Step">Distance of neighbours; 0 when the column is continuous.</param>
/// <param name="Decimals">Digits after the decimal point to round to, 0 to 15; with more, up to <see cref="MostDigits"/>, values stay as they are.</param>
public readonly record struct NumericGrid(double Origin, double Step, int Decimals)
{
    private const int MaxDecimals = 9;

    /// <summary>Most digits that <see cref="Math.Round(double, int)"/> can keep.</summary>
    private const int MaxRounded = 15;

    /// <summary>Most digits of which one unit is far from the smallest double.</summary>
    private const int MostDigits = 300;

    /// <summary>One of the last of <see cref="MaxDecimals"/>.</summary>
    private const double LastUnit = 1e-9;

    /// <summary>
    /// A column of which more than <see cref="FineShare"/> is less than this, or that is no wider, would show that it was rounded to
    /// <see cref="MaxDecimals"/>.
    /// </summary>
    private const double Fine = 1_000 * LastUnit;

    /// <summary>What comes that close to zero by chance is fewer.</summary>
    private const double FineShare = 0.01;

    private const double MaxExact = 1L << 53;

    /// <summary>Steps within which a value counts as lying on the grid.</summary>
    private const double Slack = 1e-6;

    /// <summary>The coarsest grid that holds all of <paramref name="values"/>.</summary>
    /// <param name="values">Distinct finite values, sorted.</param>
    /// <param name="decimalPlaces">Digits that the column is declared to have; null finds them.</param>
    public static NumericGrid Find(ReadOnlySpan<double> values, int? decimalPlaces)
    {
        var decimals = decimalPlaces ?? FindDecimals(values);
        if (decimals > MaxRounded) return new NumericGrid(0, 0, decimals);
        var scale = Math.Pow(10, decimals);
        long divisor = 0;
        foreach (var value in values)
        {
            var scaled = Math.Round((value - values[0]) * scale);
            if (Math.Abs(value) * scale >= MaxExact || scaled >= MaxExact) return new NumericGrid(0, 0, decimals);
            divisor = (long)System.Numerics.BigInteger.GreatestCommonDivisor(divisor, (long)scaled);
            if (divisor == 1) break;
        }

        // Any value on the grid would do as its origin: the one next to zero tells nothing of the smallest.
        var step = divisor / scale;
        var origin = step > 0 ? values[0] - Math.Round(values[0] / step) * step : values[0];
        return new NumericGrid(Math.Round(origin, decimals), step, decimals);
    }

    /// <summary>The nearest value on the grid.</summary>
    public double Snap(double value)
    {
        var snapped = Step > 0 ? Origin + Math.Round((value - Origin) / Step) * Step : value;
        return Decimals > MaxRounded ? snapped : Math.Round(snapped, Decimals);
    }

    /// <summary>Distance of neighbouring values; of a continuous column, one unit of the last digit.</summary>
    [JsonIgnore]
    public double Quantum => Step > 0 ? Step : Math.Pow(10, -Decimals);

    /// <summary>The smallest value on the grid that is not below <paramref name="value"/>.</summary>
    public double AtLeast(double value) => Step > 0 ? OnGrid(Math.Ceiling((value - Origin) / Step - Slack)) : value;

    /// <summary>The largest value on the grid that is not above <paramref name="value"/>.</summary>
    public double AtMost(double value) => Step > 0 ? OnGrid(Math.Floor((value - Origin) / Step + Slack)) : value;

    /// <summary>The neighbour of a value on the grid, upwards (1) or downwards (-1).</summary>
    public double Next(double value, int direction) =>
        Step > 0 ? Math.Round(value + direction * Step, Decimals) : direction > 0 ? Math.BitIncrement(value) : Math.BitDecrement(value);

    private double OnGrid(double steps) => Math.Round(Origin + steps * Step, Decimals);

    /// <summary>Digits after the decimal point of about a billionth of a range.</summary>
    /// <param name="width">The range, greater than 0.</param>
    internal static int DigitsOf(double width) => Math.Clamp(MaxDecimals - (int)Math.Floor(Math.Log10(width)), 0, MostDigits);

    private static int FindDecimals(ReadOnlySpan<double> values)
    {
        var (decimals, fine, isBeyond) = (0, 0, false);
        double width = values[^1] - values[0], largest = Math.Max(Math.Abs(values[0]), Math.Abs(values[^1]));
        foreach (var value in values)
        {
            while (decimals < MaxDecimals && !HasDecimals(value, decimals)) decimals++;
            isBeyond = isBeyond || !HasDecimals(value, decimals);
            if (value != 0 && Math.Abs(value) < Fine) fine++;
        }

        var isFine = width > 0 && (isBeyond || largest < LastUnit) && (width < Fine || fine > FineShare * values.Length);
        return isFine ? Math.Max(MaxRounded + 1, DigitsOf(width)) : decimals;
    }

    private static bool HasDecimals(double value, int decimals) => Math.Abs(Math.Round(value, decimals) - value) <= 1e-12 * Math.Max(1, Math.Abs(value));
}
