using System.Runtime.Intrinsics;

namespace SynthStudio.Synthesis.Randomness;

/// <summary>
/// Many random numbers at once: eight streams like <see cref="SeededStream"/> side by side, with states drawn from one. What is drawn does not depend on
/// how wide the processor's vectors are.
/// </summary>
internal sealed class SeededLanes
{
    private Vector512<ulong> s0, s1, s2, s3;

    /// <param name="seeds">32 numbers are taken from it.</param>
    public SeededLanes(SeededStream seeds) => (s0, s1, s2, s3) = (States(seeds), States(seeds), States(seeds), States(seeds));

    /// <summary>Uniform in (0, 1): the middles of 2^23 equal parts.</summary>
    public void FillUniform(Span<float> values)
    {
        for (; values.Length >= Vector512<float>.Count; values = values[Vector512<float>.Count..]) NextUniform().CopyTo(values);
        if (values.Length > 0) CopyPart(NextUniform(), values);
    }

    /// <summary>Standard normal (Box and Muller), two vectors from two.</summary>
    public void FillNormal(Span<float> values)
    {
        while (values.Length > 0)
        {
            var radius = Vector512.Sqrt(Vector512.Log(NextUniform()) * -2f);
            var (sin, cos) = Vector512.SinCos(NextUniform() * MathF.Tau);
            values = Take(radius * cos, values);
            values = Take(radius * sin, values);
        }
    }

    private static Span<float> Take(Vector512<float> numbers, Span<float> values)
    {
        if (values.Length >= Vector512<float>.Count)
        {
            numbers.CopyTo(values);
            return values[Vector512<float>.Count..];
        }

        CopyPart(numbers, values);
        return [];
    }

    private static void CopyPart(Vector512<float> numbers, Span<float> values)
    {
        Span<float> all = stackalloc float[Vector512<float>.Count];
        numbers.CopyTo(all);
        all[..values.Length].CopyTo(values);
    }

    private static Vector512<ulong> States(SeededStream seeds)
    {
        Span<ulong> states = stackalloc ulong[Vector512<ulong>.Count];
        foreach (ref var state in states) state = seeds.NextBits();
        return Vector512.Create<ulong>(states);
    }

    private Vector512<float> NextUniform()
    {
        // The upper 23 bits of each half become those of a number from 1 to 2; a half of their last place keeps 0 out.
        var mantissas = NextBits().AsUInt32() >>> 9;
        return (mantissas | Vector512.Create(0x3F800000u)).AsSingle() - Vector512.Create(1 - 1f / (1 << 24));
    }

    private Vector512<ulong> NextBits()
    {
        var result = RotateLeft(s0 + s3, 23) + s0;
        var t = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = RotateLeft(s3, 45);
        return result;
    }

    private static Vector512<ulong> RotateLeft(Vector512<ulong> x, int by) => (x << by) | (x >>> (64 - by));
}
