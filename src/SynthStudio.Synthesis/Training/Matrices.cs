using System.Runtime.Intrinsics.X86;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Training;

/// <summary>
/// Products of matrices for networks that noise does not hurt: with operands of 16 bits (bfloat16, sums in 32) where the processor multiplies them in
/// hardware, which takes half the time, else in 32 bits.
/// </summary>
internal static class Matrices
{
    /// <summary>CPUID leaf 7, subleaf 1, EAX bit 5: AVX512_BF16.</summary>
    private const int HardwareBit = 5;

    private static readonly bool Hardware = X86Base.IsSupported && (X86Base.CpuId(7, 1).Eax >> HardwareBit & 1) == 1;

    /// <summary>x in the precision of products, for several of them.</summary>
    public static Tensor Operand(Tensor x) => Hardware || x.device_type == TorchSharp.DeviceType.CUDA ? x.to(ScalarType.BFloat16) : x;

    /// <summary>Of operands on the CPU.</summary>
    public static ScalarType Precision { get; } = Hardware ? ScalarType.BFloat16 : ScalarType.Float32;

    /// <summary>x transposed(weight), differentiable, in 32 bits.</summary>
    public static Tensor Linear(Tensor x, Tensor weight) => nn.functional.linear(Operand(x), Operand(weight)).to(ScalarType.Float32);
}
