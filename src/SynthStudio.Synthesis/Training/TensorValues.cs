using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Training;

/// <summary>Tensors as plain memory.</summary>
internal static class TensorValues
{
    /// <summary>A copy of the values, row-major, from any device. Much faster than TorchSharp's accessor, which walks value by value.</summary>
    /// <param name="values">Of single precision.</param>
    public static float[] ToFloats(this Tensor values)
    {
        using var scope = NewDisposeScope();
        return Memory(values.detach().cpu().contiguous()).ToArray();
    }

    /// <summary>Copies the values, row-major, from any device.</summary>
    public static void CopyTo(this Tensor values, Span<float> target)
    {
        using var scope = NewDisposeScope();
        Memory(values.detach().cpu().contiguous()).CopyTo(target);
    }

    /// <summary>The memory of a contiguous tensor on the CPU, as long as that tensor lives.</summary>
    public static Span<float> Memory(Tensor values) => MemoryMarshal.Cast<byte, float>(values.bytes);
}
