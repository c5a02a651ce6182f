using System.Numerics.Tensors;

namespace SynthStudio.Synthesis.Autoregressive.Inference;

/// <summary>From logits to weights to choices.</summary>
internal static class Weights
{
    /// <summary>exp((logits + mask) / temperature), the largest one 1.</summary>
    /// <param name="logits">Become the weights.</param>
    /// <param name="mask">0 where allowed, minus infinity where not.</param>
    /// <param name="temperature">Above 0.</param>
    public static void FromLogits(Span<float> logits, ReadOnlySpan<float> mask, double temperature)
    {
        TensorPrimitives.Add(logits, mask, logits);
        TensorPrimitives.Subtract(logits, TensorPrimitives.Max<float>(logits), logits);
        if (temperature != 1) TensorPrimitives.Multiply(logits, Power(temperature), logits);
        TensorPrimitives.Exp<float>(logits, logits);
    }

    /// <summary>1 / <paramref name="temperature"/>. Infinity times 0 is no number: that of an extreme temperature is neither.</summary>
    public static float Power(double temperature) => (float)Math.Clamp(1 / temperature, float.Epsilon, float.MaxValue);

    /// <summary>Replaces weights by their running sums.</summary>
    public static void Accumulate(Span<float> weights)
    {
        float sum = 0;
        for (var i = 0; i < weights.Length; i++) weights[i] = sum += weights[i];
    }

    /// <summary>The index at <paramref name="uniform"/> in [0, 1) of running sums; never one of weight 0.</summary>
    public static int Choose(ReadOnlySpan<float> sums, float uniform)
    {
        // Below the total also where the product rounds up to it.
        var wanted = MathF.Min(uniform * sums[^1], MathF.BitDecrement(sums[^1]));
        int low = 0, high = sums.Length - 1;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (sums[middle] > wanted) high = middle;
            else low = middle + 1;
        }

        return low;
    }
}
