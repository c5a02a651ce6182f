using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Training;

/// <summary>
/// Adam with decoupled weight decay (Loshchilov and Hutter, arXiv:1711.05101) and an exponential average of the weights, on flat
/// vectors. Works slice by slice so that slices can run in parallel; the slices do not depend on the number of threads.
/// </summary>
internal sealed class AdamW : IDisposable
{
    private const double Beta1 = 0.9, Beta2 = 0.99, Epsilon = 1e-8;

    /// <summary>Elements of a slice: the vectors' parts stay in a core's cache over all operations on them.</summary>
    private const int SliceLength = 32_768;

    private readonly List<Slice> slices = [];

    /// <param name="layout">Says which parameters decay.</param>
    /// <param name="weights">Flat parameters, changed in place.</param>
    /// <param name="gradients">One flat gradient a shard.</param>
    public AdamW(ParameterLayout layout, Tensor weights, IReadOnlyList<Tensor> gradients)
    {
        FirstMoment = zeros_like(weights).DetachFromDisposeScope();
        SecondMoment = zeros_like(weights).DetachFromDisposeScope();
        Average = weights.clone().DetachFromDisposeScope();
        for (long start = 0; start < layout.Count; start += SliceLength)
        {
            var count = Math.Min(SliceLength, layout.Count - start);
            Tensor Part(Tensor flat) => flat.narrow(0, start, count).DetachFromDisposeScope();
            slices.Add(new Slice(
                Part(weights), Part(FirstMoment), Part(SecondMoment), Part(Average), [.. gradients.Select(Part)],
                Math.Clamp(layout.DecayingCount - start, 0, count)));
        }
    }

    /// <summary>m.</summary>
    public Tensor FirstMoment { get; }

    /// <summary>v.</summary>
    public Tensor SecondMoment { get; }

    /// <summary>The exponential average of the weights.</summary>
    public Tensor Average { get; }

    public int Slices => slices.Count;

    /// <summary>Adds the shards' gradients of a slice into the first one.</summary>
    /// <returns>The squared norm of the sum.</returns>
    public double Reduce(int slice)
    {
        using var scope = NewDisposeScope();
        var sum = slices[slice].Gradients[0];
        foreach (var gradient in slices[slice].Gradients.Skip(1)) sum.add_(gradient);
        return sum.dot(sum).item<float>();
    }

    /// <summary>One step on a slice whose gradients were reduced; clears the gradients.</summary>
    /// <param name="slice">Number of the slice.</param>
    /// <param name="step">From 1.</param>
    /// <param name="learningRate">Of this step.</param>
    /// <param name="weightDecay">Per unit of learning rate.</param>
    /// <param name="scale">Factor on the gradient, for clipping.</param>
    /// <param name="averageDecay">Of the averaged weights.</param>
    public void Update(int slice, long step, double learningRate, double weightDecay, double scale, double averageDecay)
    {
        using var scope = NewDisposeScope();
        var (weights, m, v, average, gradients, decaying) = slices[slice];
        var gradient = gradients[0];
        m.mul_(Beta1).add_(gradient, alpha: (1 - Beta1) * scale);
        v.mul_(Beta2).addcmul_(gradient, gradient, value: (1 - Beta2) * scale * scale);
        if (decaying > 0) weights.narrow(0, 0, decaying).mul_(1 - learningRate * weightDecay);
        var denominator = v.sqrt().mul_(1 / Math.Sqrt(1 - Math.Pow(Beta2, step))).add_(Epsilon);
        weights.addcdiv_(m, denominator, value: -learningRate / (1 - Math.Pow(Beta1, step)));
        average.mul_(averageDecay).add_(weights, alpha: 1 - averageDecay);
        foreach (var each in gradients) each.zero_();
    }

    public void Dispose()
    {
        foreach (var slice in slices)
        {
            foreach (var part in (Tensor[])[slice.Weights, slice.FirstMoment, slice.SecondMoment, slice.Average, .. slice.Gradients]) part.Dispose();
        }

        FirstMoment.Dispose();
        SecondMoment.Dispose();
        Average.Dispose();
    }

    private sealed record Slice(Tensor Weights, Tensor FirstMoment, Tensor SecondMoment, Tensor Average, Tensor[] Gradients, long Decaying);
}
