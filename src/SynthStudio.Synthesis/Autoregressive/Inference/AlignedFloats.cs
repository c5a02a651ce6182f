using System.Runtime.CompilerServices;

namespace SynthStudio.Synthesis.Autoregressive.Inference;

/// <summary>Zeroed floats that begin at a cache line, so that no vector load crosses two.</summary>
internal readonly struct AlignedFloats
{
    private const int LineFloats = 16;

    private readonly float[] memory;
    private readonly int first;

    public AlignedFloats(int length)
    {
        memory = GC.AllocateArray<float>(length + LineFloats, pinned: true);
        var address = (nuint)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(memory, 0);
        first = (int)((LineFloats * sizeof(float) - address % (LineFloats * sizeof(float))) % (LineFloats * sizeof(float)) / sizeof(float));
        Length = length;
    }

    public int Length { get; }

    public Span<float> Span => memory.AsSpan(first, Length);

    /// <summary>The float at <paramref name="index"/>.</summary>
    public ref float At(int index) => ref Unsafe.Add(ref memory[first], index);
}
