using SynthStudio.Synthesis.DpSgd;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Training;

/// <summary>
/// What a training changes: a network's weights, their exponential average, the best of those so far, and the optimiser's moments; with the network bound to
/// weights and average once a shard. Knows nothing of time, checkpoints and progress.
/// </summary>
internal sealed class TrainedNetwork : IDisposable
{
    private readonly ITrainable trainable;
    private readonly TrainingPlan plan;
    private readonly ComputeDevice device;
    private readonly PrivateSteps? privacy;
    private readonly Tensor weights, best;
    private readonly ParameterSet[] shards, averages;
    private readonly IBoundNetwork[] networks, averaged;
    private readonly Tensor[] gradients;
    private readonly AdamW optimiser;
    private readonly Dictionary<string, Tensor> tensors;

    /// <param name="trainable">The network, which begins with its initial parameters.</param>
    /// <param name="plan">How its weights are updated.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="privacy">What makes the gradients public in a private training; null in any other.</param>
    public TrainedNetwork(ITrainable trainable, TrainingPlan plan, ComputeDevice device, PrivateSteps? privacy)
    {
        (this.trainable, this.plan, this.device, this.privacy) = (trainable, plan, device, privacy);
        weights = tensor(trainable.InitialParameters(), device: device.Torch);
        shards = Enumerable.Range(0, trainable.Shards).Select(_ => new ParameterSet(trainable.Parameters, weights, trainable: true)).ToArray();
        networks = Array.ConvertAll(shards, trainable.Bind);
        gradients = Array.ConvertAll(shards, shard => shard.Gradient!);
        optimiser = new AdamW(trainable.Parameters, weights, gradients, plan.Betas);
        averages = Enumerable.Range(0, trainable.Shards).Select(_ => new ParameterSet(trainable.Parameters, optimiser.Average, trainable: false)).ToArray();
        averaged = Array.ConvertAll(averages, trainable.Bind);
        best = weights.clone();
        tensors = new()
        {
            ["weights"] = weights,
            ["average"] = optimiser.Average,
            ["best"] = best,
            ["first_moment"] = optimiser.FirstMoment,
            ["second_moment"] = optimiser.SecondMoment,
        };
    }

    /// <summary>The best weights, in the layout's order.</summary>
    public float[] BestWeights() => best.ToFloats();

    /// <summary>What a checkpoint keeps, by name.</summary>
    public Dictionary<string, float[]> Content() => tensors.ToDictionary(t => t.Key, t => t.Value.ToFloats());

    /// <summary>Goes on from what <see cref="Content"/> was.</summary>
    public void Restore(Dictionary<string, float[]> content)
    {
        using var noGradient = no_grad();
        foreach (var (name, values) in content) tensors[name].copy_(tensor(values));
    }

    /// <summary>One step of all phases that take place in it.</summary>
    /// <param name="step">From 0.</param>
    /// <param name="learningRate">Of this step.</param>
    /// <returns>The batch's mean loss; no finite number when its gradient was none.</returns>
    public double Step(long step, double learningRate)
    {
        double total = 0;
        for (var phase = 0; phase < trainable.Phases.Count; phase++) if (trainable.Runs(step, phase)) total += Phase(step, phase, learningRate);
        return total;
    }

    /// <summary>The loss of the averaged weights on held-back rows.</summary>
    public double HeldBackLoss() => device.Run(trainable.Shards, shard =>
    {
        using var none = no_grad();
        return averaged[shard].Validate(shard);
    }).Sum();

    /// <summary>The averaged weights of now are the best.</summary>
    public void KeepAsBest()
    {
        using var noGradient = no_grad();
        best.copy_(optimiser.Average);
    }

    /// <summary>Goes on from the best weights.</summary>
    public void ReturnToBest()
    {
        using var noGradient = no_grad();
        weights.copy_(best);
        optimiser.Average.copy_(best);
    }

    public void Dispose()
    {
        foreach (var disposable in (IEnumerable<IDisposable>)[.. networks, .. averaged, .. shards, .. averages]) disposable.Dispose();
        optimiser.Dispose();
        best.Dispose();
        weights.Dispose();
    }

    private double Phase(long step, int phase, double learningRate)
    {
        var loss = device.Run(trainable.Shards, shard => networks[shard].Accumulate(step, phase, shard)).Sum();
        if (privacy is not null)
        {
            foreach (var group in trainable.Phases[phase]) privacy.Release(group, gradients, device);
            device.Run(trainable.Shards, shard =>
            {
                networks[shard].AccumulatePublic(step, phase, shard);
                return 0;
            });
        }

        return double.IsFinite(Update(step, phase, learningRate)) ? loss : double.NaN;
    }

    /// <summary>Updates the groups of a phase by their gradients, clipped, and clears those.</summary>
    /// <returns>The norm of the gradient.</returns>
    private double Update(long step, int phase, double learningRate)
    {
        var averageDecay = Math.Min(plan.AverageDecay, (step + 1.0) / (step + 10.0));
        (int Group, int Slice)[] slices =
            [.. trainable.Phases[phase].SelectMany(group => Enumerable.Range(0, optimiser.Slices(group)).Select(slice => (group, slice)))];

        // Clipping needs the norm of the whole gradient; without, a slice is done with while it is in the processor's cache.
        var clips = double.IsFinite(plan.GradientClip);
        var norm = Math.Sqrt(device.Run(slices.Length, i => clips ? Reduce(i) : Reduce(i) + Apply(i, 1)).Sum());
        if (clips) device.Run(slices.Length, i => Apply(i, norm > plan.GradientClip ? plan.GradientClip / norm : 1));
        return norm;

        double Reduce(int i)
        {
            using var none = no_grad();
            return optimiser.Reduce(slices[i].Group, slices[i].Slice);
        }

        double Apply(int i, double scale)
        {
            using var none = no_grad();
            var (group, slice) = slices[i];
            var updates = step * trainable.Phases.Count(g => g.Contains(group)) + trainable.Phases.Take(phase + 1).Count(g => g.Contains(group));
            optimiser.Update(group, slice, updates, learningRate, plan.WeightDecay, scale, averageDecay);
            return 0;
        }
    }
}
