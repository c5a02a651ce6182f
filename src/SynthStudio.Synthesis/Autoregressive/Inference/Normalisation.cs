using System.Numerics.Tensors;

namespace SynthStudio.Synthesis.Autoregressive.Inference;

/// <summary>Layer normalisation (Ba et al., arXiv:1607.06450) of single rows.</summary>
internal static class Normalisation
{
    private const float Epsilon = 1e-5f;

    /// <summary>target = (source - mean) / standard deviation * gain + bias.</summary>
    public static void Apply(ReadOnlySpan<float> source, ReadOnlySpan<float> gain, ReadOnlySpan<float> bias, Span<float> target)
    {
        var mean = TensorPrimitives.Sum(source) / source.Length;
        TensorPrimitives.Subtract(source, mean, target);
        var scale = 1 / MathF.Sqrt(TensorPrimitives.SumOfSquares<float>(target) / source.Length + Epsilon);
        TensorPrimitives.Multiply(target, scale, target);
        TensorPrimitives.MultiplyAdd(target, gain, bias, target);
    }
}
