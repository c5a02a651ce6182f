using System.Numerics;

namespace SynthStudio.Synthesis.Randomness;

/// <summary>
/// A reproducible stream of random numbers (xoshiro256++ of Blackman and Vigna, seeded by SplitMix64), named by a seed, a purpose and
/// an index. A new stream for every step or block makes results independent of what was drawn before: nothing but the step number has
/// to be kept to resume. Not for privacy mechanisms.
/// </summary>
public sealed class SeededStream
{
    private ulong s0, s1, s2, s3;

    /// <param name="seed">The user's seed.</param>
    /// <param name="purpose">What the numbers are for; equal seeds with different purposes are independent.</param>
    /// <param name="index">Number of the step, block or column the stream belongs to.</param>
    public SeededStream(long seed, StreamPurpose purpose, long index)
    {
        var state = Mix(Mix(Mix((ulong)seed) ^ (ulong)purpose * 0x9E3779B97F4A7C15) ^ (ulong)index);
        s0 = Next(ref state);
        s1 = Next(ref state);
        s2 = Next(ref state);
        s3 = Next(ref state);
    }

    /// <summary>64 uniform bits.</summary>
    public ulong NextBits()
    {
        var result = BitOperations.RotateLeft(s0 + s3, 23) + s0;
        var t = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = BitOperations.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, 1).</summary>
    public float NextSingle() => (NextBits() >> 40) * (1.0f / (1 << 24));

    /// <summary>Uniform in 0 .. <paramref name="bound"/> - 1 (bias below 2^-32).</summary>
    public int NextInt(int bound) => (int)Math.BigMul(NextBits(), (ulong)bound, out _);

    /// <summary>A place in proportion to weights.</summary>
    /// <param name="cumulative">By place the sum of the weights up to it; at least one, the last above 0.</param>
    public int NextIndex(double[] cumulative)
    {
        var index = Array.BinarySearch(cumulative, NextDouble() * cumulative[^1]);
        return Math.Min(index < 0 ? ~index : index + 1, cumulative.Length - 1);
    }

    /// <summary>Standard normal (Box and Muller).</summary>
    public double NextGaussian() =>
        Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    /// <summary>Fisher-Yates.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong Next(ref ulong state) => Mix(state += 0x9E3779B97F4A7C15);

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
