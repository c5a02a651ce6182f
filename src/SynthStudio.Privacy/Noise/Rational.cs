namespace SynthStudio.Privacy.Noise;

/// <summary>A fraction of whole numbers, 0 or more: parameters of exact samplers hold no rounding.</summary>
/// <param name="Numerator">0 or more.</param>
/// <param name="Denominator">1 or more.</param>
internal readonly record struct Rational(UInt128 Numerator, UInt128 Denominator)
{
    /// <summary>The smallest multiple of 2^-<paramref name="bits"/> that is at least <paramref name="value"/>: rounding only ever adds noise.</summary>
    public static Rational AtLeast(double value, int bits) => new((UInt128)Math.Ceiling(value * Math.Pow(2, bits)), UInt128.One << bits);

    public UInt128 Whole => Numerator / Denominator;
}
