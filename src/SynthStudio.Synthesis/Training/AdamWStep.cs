using System.Numerics;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Training;

/// <summary>
/// The factors of one step of <see cref="AdamW"/>, and that step on memory of the CPU: everything is read and written once, where tensor operations
/// would pass over it a dozen times.
/// </summary>
internal readonly record struct AdamWStep
{
    /// <param name="step">Updates, this one included.</param>
    /// <param name="betas">Decay of the moments.</param>
    /// <param name="learningRate">Of this step.</param>
    /// <param name="weightDecay">Per unit of learning rate.</param>
    /// <param name="scale">Factor on the gradient, for clipping.</param>
    /// <param name="averageDecay">Of the averaged weights.</param>
    public AdamWStep(long step, (double First, double Second) betas, double learningRate, double weightDecay, double scale, double averageDecay)
    {
        (KeepFirst, NewFirst) = ((float)betas.First, (float)((1 - betas.First) * scale));
        (KeepSecond, NewSecond) = ((float)betas.Second, (float)((1 - betas.Second) * scale * scale));
        KeepWeight = (float)(1 - learningRate * weightDecay);
        Unbias = (float)(1 / Math.Sqrt(1 - Math.Pow(betas.Second, step)));
        Stride = (float)(-learningRate / (1 - Math.Pow(betas.First, step)));
        (KeepAverage, NewAverage) = ((float)averageDecay, (float)(1 - averageDecay));
    }

    public const float Epsilon = 1e-8f;

    public float KeepFirst { get; }

    public float NewFirst { get; }

    public float KeepSecond { get; }

    public float NewSecond { get; }

    /// <summary>Of weights that decay.</summary>
    public float KeepWeight { get; }

    public float Unbias { get; }

    public float Stride { get; }

    public float KeepAverage { get; }

    public float NewAverage { get; }

    /// <summary>m, v, the weights and their average after the step; all tensors on the CPU and of one length. Clears the gradient.</summary>
    public void Apply(Tensor weights, Tensor m, Tensor v, Tensor average, Tensor gradient, int decaying)
    {
        Span<float> w = TensorValues.Memory(weights), first = TensorValues.Memory(m), second = TensorValues.Memory(v),
            mean = TensorValues.Memory(average), g = TensorValues.Memory(gradient);
        Apply(w[..decaying], first[..decaying], second[..decaying], mean[..decaying], g[..decaying], KeepWeight);
        Apply(w[decaying..], first[decaying..], second[decaying..], mean[decaying..], g[decaying..], keepWeight: 1);
    }

    private void Apply(Span<float> weights, Span<float> m, Span<float> v, Span<float> average, Span<float> gradient, float keepWeight)
    {
        var vectors = weights.Length / Vector<float>.Count * Vector<float>.Count;
        for (var i = 0; i < vectors; i += Vector<float>.Count)
        {
            Vector<float> g = new(gradient[i..]), w = new(weights[i..]);
            var first = new Vector<float>(m[i..]) * KeepFirst + g * NewFirst;
            var second = new Vector<float>(v[i..]) * KeepSecond + g * g * NewSecond;
            w = w * keepWeight + first / (Vector.SquareRoot(second) * Unbias + new Vector<float>(Epsilon)) * Stride;
            first.CopyTo(m[i..]);
            second.CopyTo(v[i..]);
            w.CopyTo(weights[i..]);
            (new Vector<float>(average[i..]) * KeepAverage + w * NewAverage).CopyTo(average[i..]);
            Vector<float>.Zero.CopyTo(gradient[i..]);
        }

        for (var i = vectors; i < weights.Length; i++)
        {
            m[i] = m[i] * KeepFirst + gradient[i] * NewFirst;
            v[i] = v[i] * KeepSecond + gradient[i] * gradient[i] * NewSecond;
            weights[i] = weights[i] * keepWeight + m[i] / (MathF.Sqrt(v[i]) * Unbias + Epsilon) * Stride;
            average[i] = average[i] * KeepAverage + weights[i] * NewAverage;
            gradient[i] = 0;
        }
    }
}
