using System.Numerics;

namespace SynthStudio.Synthesis.Training;

/// <summary>Numbers of 16 bits, the upper halves of single-precision ones, from and to plain arrays of equal length.</summary>
internal static class Bfloat16
{
    /// <summary>Rounds to the nearest, ties to even.</summary>
    public static void Narrow(ReadOnlySpan<float> values, Span<ushort> halves)
    {
        var i = 0;
        for (; i + Vector<ushort>.Count <= values.Length; i += Vector<ushort>.Count)
            Vector.Narrow(Rounded(new Vector<float>(values[i..])), Rounded(new Vector<float>(values[(i + Vector<float>.Count)..]))).CopyTo(halves[i..]);
        for (; i < values.Length; i++)
        {
            var bits = BitConverter.SingleToUInt32Bits(values[i]);
            halves[i] = (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
        }
    }

    /// <summary>Exact.</summary>
    public static void Widen(ReadOnlySpan<ushort> halves, Span<float> values)
    {
        var i = 0;
        for (; i + Vector<ushort>.Count <= values.Length; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(halves[i..]), out var low, out var high);
            Single(low).CopyTo(values[i..]);
            Single(high).CopyTo(values[(i + Vector<float>.Count)..]);
        }

        for (; i < values.Length; i++) values[i] = BitConverter.UInt32BitsToSingle((uint)halves[i] << 16);
    }

    /// <summary>Adds the numbers to sums.</summary>
    public static void AddTo(ReadOnlySpan<ushort> halves, Span<float> sums)
    {
        var i = 0;
        for (; i + Vector<ushort>.Count <= sums.Length; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(halves[i..]), out var low, out var high);
            (new Vector<float>(sums[i..]) + Single(low)).CopyTo(sums[i..]);
            var second = sums[(i + Vector<float>.Count)..];
            (new Vector<float>(second) + Single(high)).CopyTo(second);
        }

        for (; i < sums.Length; i++) sums[i] += BitConverter.UInt32BitsToSingle((uint)halves[i] << 16);
    }

    private static Vector<uint> Rounded(Vector<float> values)
    {
        var bits = Vector.AsVectorUInt32(values);
        return (bits + new Vector<uint>(0x7FFF) + ((bits >> 16) & Vector<uint>.One)) >> 16;
    }

    private static Vector<float> Single(Vector<uint> half) => Vector.AsVectorSingle(half << 16);
}
