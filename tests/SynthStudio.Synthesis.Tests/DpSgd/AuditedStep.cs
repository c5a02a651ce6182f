using SynthStudio.Privacy.Noise;
using SynthStudio.Synthesis.DpSgd;
using SynthStudio.Synthesis.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Tests.DpSgd;

/// <summary>The step of private training, put together from its own parts, with the places where a fault can be planted.</summary>
internal sealed record AuditedStep
{
    public const double Clip = 0.5;

    public double NoiseMultiplier { get; init; } = 0.7;

    public double SampleRate { get; init; } = 1;

    /// <summary>Planted: draws batches another way.</summary>
    public Func<int, int[]>? Sampling { get; init; }

    /// <summary>Planted: another source of noise.</summary>
    public Func<Action<long[], int>>? Noise { get; init; }

    /// <summary>Planted: records are not clipped.</summary>
    public bool ClippingOff { get; init; }

    /// <summary>Planted: the mean is clipped instead of the records.</summary>
    public bool MeanBeforeClip { get; init; }

    /// <summary>Planted: divides by the records that came.</summary>
    public bool RealisedBatch { get; init; }

    /// <summary>What a step releases of each canary's coordinate, in units of the clipping norm, added over steps.</summary>
    /// <param name="members">By canary whether it is among the records.</param>
    /// <param name="score">Weighs what one step released.</param>
    /// <param name="steps">How many.</param>
    public double[] Attack(bool[] members, int steps, Func<double, double> score)
    {
        using var scope = NewDisposeScope();
        using var bits = new SecureKeystream();
        var records = Enumerable.Range(0, members.Length).Where(i => members[i]).ToArray();
        using var network = new CanaryNetwork(members.Length, push: 10);
        var expected = SampleRate * members.Length / 2;
        var device = new ComputeDevice(torch.CPU, 2);
        var draw = Sampling ?? new PoissonSampling(SampleRate, bits).Draw;
        var batch = new PoissonBatch(records.Length, 1, n => Array.ConvertAll(draw(n), i => records[i]));
        var layout = network.Layout;
        using var parameters = new ParameterSet(layout, zeros(layout.Count), trainable: true);
        var sums = new double[members.Length];
        for (var step = 0; step < steps; step++)
        {
            batch.Draw();
            var release = Release(layout, RealisedBatch ? Math.Max(batch.Records.Length, 1) : expected);
            var trainable = new PrivateTrainable(layout, [], 1, batch, ClippingOff || MeanBeforeClip ? double.MaxValue : release.RecordNorm, () => network);
            using var bound = trainable.Bind(parameters);
            bound.Accumulate(step, 0, 0);
            var gradient = parameters.Gradient!;
            if (MeanBeforeClip) ClipMean(gradient, batch.Records.Length);
            release.Release([gradient], device);
            var released = gradient.data<float>().ToArray();
            for (var i = 0; i < sums.Length; i++) sums[i] += score(released[i] * expected / Clip);
            gradient.zero_();
        }

        return sums;
    }

    /// <summary>The part that adds the noise.</summary>
    public GradientRelease Release(ParameterLayout layout, double expected) => new(layout.Groups[0], Clip, NoiseMultiplier, expected, Noise);

    private static void ClipMean(Tensor sum, int records)
    {
        var mean = sum.div(records);
        var norm = mean.norm().item<float>();
        sum.copy_(mean.mul(Math.Min(1, Clip / norm)).mul(records));
    }
}
