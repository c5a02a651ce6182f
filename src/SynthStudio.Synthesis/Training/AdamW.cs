using System.Numerics.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace SynthStudio.Synthesis.Training;

/// <summary>
/// Adam with decoupled weight decay (Loshchilov and Hutter, arXiv:1711.05101) and an exponential average of the weights, on flat
/// vectors. Works slice by slice so that slices can run in parallel; the slices do not depend on the number of threads.
/// </summary>
internal sealed class AdamW : IDisposable
{
    /// <summary>Elements of a slice: the vectors' parts stay in a core's cache over all operations on them.</summary>
    private const int SliceLength = 32_768;

    private readonly List<Slice>[] slices;
    private readonly (double First, double Second) betas;

    /// <param name="layout">Says which parameters decay, and which are updated together.</param>
    /// <param name="weights">Flat parameters, changed in place.</param>
    /// <param name="gradients">One flat gradient a shard.</param>
    /// <param name="betas">Decay of the moments.</param>
    public AdamW(ParameterLayout layout, Tensor weights, IReadOnlyList<Tensor> gradients, (double First, double Second) betas)
    {
        this.betas = betas;
        FirstMoment = zeros_like(weights).DetachFromDisposeScope();
        SecondMoment = zeros_like(weights).DetachFromDisposeScope();
        Average = weights.clone().DetachFromDisposeScope();
        slices = [.. layout.Groups.Select(group => new List<Slice>())];
        for (var g = 0; g < slices.Length; g++)
        {
            var group = layout.Groups[g];
            for (long start = 0; start < group.Count; start += SliceLength)
            {
                var count = Math.Min(SliceLength, group.Count - start);
                Tensor Part(Tensor flat) => flat.narrow(0, group.Start + start, count).DetachFromDisposeScope();
                slices[g].Add(new Slice(
                    Part(weights), Part(FirstMoment), Part(SecondMoment), Part(Average), [.. gradients.Select(Part)],
                    Math.Clamp(group.DecayingCount - start, 0, count)));
            }
        }
    }

    /// <summary>m.</summary>
    public Tensor FirstMoment { get; }

    /// <summary>v.</summary>
    public Tensor SecondMoment { get; }

    /// <summary>The exponential average of the weights.</summary>
    public Tensor Average { get; }

    /// <summary>Number of slices of a group.</summary>
    public int Slices(int group) => slices[group].Count;

    /// <summary>Adds the shards' gradients of a slice into the first one, and clears the others.</summary>
    /// <returns>The squared norm of the sum.</returns>
    public double Reduce(int group, int slice)
    {
        using var scope = NewDisposeScope();
        var gradients = slices[group][slice].Gradients;
        var sum = gradients[0];
        if (sum.device_type == DeviceType.CPU)
        {
            var values = TensorValues.Memory(sum);
            foreach (var gradient in gradients.AsSpan(1))
            {
                var other = TensorValues.Memory(gradient);
                TensorPrimitives.Add(values, other, values);
                other.Clear();
            }

            return TensorPrimitives.SumOfSquares<float>(values);
        }

        foreach (var gradient in gradients.AsSpan(1))
        {
            sum.add_(gradient, Scalars.One);
            gradient.zero_();
        }

        return sum.dot(sum).item<float>();
    }

    /// <summary>One step on a slice whose gradients were reduced; clears them.</summary>
    /// <param name="group">The group.</param>
    /// <param name="slice">Number of the slice in it.</param>
    /// <param name="step">Updates of the group, this one included.</param>
    /// <param name="learningRate">Of this step.</param>
    /// <param name="weightDecay">Per unit of learning rate.</param>
    /// <param name="scale">Factor on the gradient, for clipping.</param>
    /// <param name="averageDecay">Of the averaged weights.</param>
    public void Update(int group, int slice, long step, double learningRate, double weightDecay, double scale, double averageDecay)
    {
        using var scope = NewDisposeScope();
        var (weights, m, v, average, gradients, decaying) = slices[group][slice];
        var gradient = gradients[0];
        var factors = new AdamWStep(step, betas, learningRate, weightDecay, scale, averageDecay);
        if (weights.device_type == DeviceType.CPU)
        {
            factors.Apply(weights, m, v, average, gradient, (int)decaying);
            return;
        }

        Update(factors, weights, m, v, average, gradient, decaying);
        gradient.zero_();
    }

    private static void Update(AdamWStep factors, Tensor weights, Tensor m, Tensor v, Tensor average, Tensor gradient, long decaying)
    {
        // Every factor has a name, to live until the end: see Scalars.
        using Scalar keepFirst = factors.KeepFirst, newFirst = factors.NewFirst, keepSecond = factors.KeepSecond, newSecond = factors.NewSecond,
            keepWeight = factors.KeepWeight, unbias = factors.Unbias, epsilon = AdamWStep.Epsilon, stride = factors.Stride,
            keepAverage = factors.KeepAverage, newAverage = factors.NewAverage;
        m.mul_(keepFirst).add_(gradient, alpha: newFirst);
        v.mul_(keepSecond).addcmul_(gradient, gradient, value: newSecond);
        if (decaying > 0) weights.narrow(0, 0, decaying).mul_(keepWeight);
        var denominator = v.sqrt().mul_(unbias).add_(epsilon, Scalars.One);
        weights.addcdiv_(m, denominator, value: stride);
        average.mul_(keepAverage).add_(weights, alpha: newAverage);
    }

    public void Dispose()
    {
        foreach (var slice in slices.SelectMany(group => group))
        {
            foreach (var part in (Tensor[])[slice.Weights, slice.FirstMoment, slice.SecondMoment, slice.Average, .. slice.Gradients]) part.Dispose();
        }

        FirstMoment.Dispose();
        SecondMoment.Dispose();
        Average.Dispose();
    }

    private sealed record Slice(Tensor Weights, Tensor FirstMoment, Tensor SecondMoment, Tensor Average, Tensor[] Gradients, long Decaying);
}
