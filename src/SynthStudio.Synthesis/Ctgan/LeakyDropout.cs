using System.Numerics;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Ctgan;

/// <summary>
/// Leaky relu and dropout of a half in one pass: x becomes s x with a slope s of 2 where x is above 0 and else of 2 Leak, or of 0 by the toss of a coin.
/// </summary>
internal static class LeakyDropout
{
    public const float Leak = 0.2f;

    private const float Kept = 2;

    /// <summary>By lane of a vector, its bit of 32.</summary>
    private static readonly Vector<int> LaneBits = new([.. Enumerable.Range(0, Vector<int>.Count).Select(lane => 1 << lane)]);

    /// <param name="values">x, becomes s x.</param>
    /// <param name="slopes">Becomes s.</param>
    /// <param name="coins">One bit a value, whatever the processor's vectors.</param>
    public static void Apply(Span<float> values, Span<float> slopes, SeededStream coins)
    {
        var lanes = Vector<float>.Count;
        Vector<float> up = new(Kept), down = new(Kept * Leak);
        ulong bits = 0;
        var i = 0;
        for (; i + lanes <= values.Length; i += lanes)
        {
            bits = i % 64 == 0 ? coins.NextBits() : bits >> lanes;
            var x = new Vector<float>(values[i..]);
            var slope = Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), up, down);
            var dropped = Vector.Equals(new Vector<int>((int)bits) & LaneBits, Vector<int>.Zero);
            slope = Vector.ConditionalSelect(dropped, Vector<float>.Zero, slope);
            slope.CopyTo(slopes[i..]);
            (x * slope).CopyTo(values[i..]);
        }

        bits = i % 64 == 0 ? coins.NextBits() : bits >> lanes;
        for (; i < values.Length; i++, bits >>= 1)
        {
            slopes[i] = (bits & 1) == 0 ? 0 : values[i] > 0 ? Kept : Kept * Leak;
            values[i] *= slopes[i];
        }
    }
}
