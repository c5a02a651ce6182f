using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SynthStudio.Privacy.Noise;
using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.DpSgd;

/// <summary>
/// Makes the clipped sum of a step's gradients public: on a grid, with Gaussian noise, over the expected number of records.
/// <code>released = (round(sum / g) + noise) g / L,   g = z C / sigma</code>
/// with sigma the noise's width in grid steps, z the noise multiplier, C the clipping norm, L = records times sample rate. The number of records that
/// really are in the batch is as private as they are, and never used.
/// </summary>
/// <remarks>
/// The grid: rounding moves what one record can change by up to half a step a coordinate and side, in all sqrt(d) g for d parameters; records are
/// clipped to that much less than C (<see cref="RecordNorm"/>), so that whole steps differ by at most C / g in norm. Why whole-number noise on whole
/// numbers costs what a continuous Gaussian costs says <see cref="LatticeGaussian"/>. Not covered by a proof: the sum itself is computed in
/// single precision, whose rounding depends on all records; tests hold it within 1e-5 of the exact sum, and <see cref="SummationReserve"/> is kept free for it.
/// </remarks>
internal sealed class GradientRelease
{
    /// <summary>Share of the clipping norm that is kept free for rounding in the single-precision sum.</summary>
    public const double SummationReserve = 1e-4;

    private const int SliceLength = 1 << 15;

    private readonly ParameterGroup group;
    private readonly double step, scale;
    private readonly Func<Action<long[], int>> noiseOfThread;

    /// <param name="group">The parameters that are trained privately.</param>
    /// <param name="clipNorm">C.</param>
    /// <param name="noiseMultiplier">z.</param>
    /// <param name="expectedRecords">L: public.</param>
    /// <param name="noiseOfThread">Makes a source of noise for one thread; null is the secure one.</param>
    public GradientRelease(
        ParameterGroup group, double clipNorm, double noiseMultiplier, double expectedRecords,
        Func<Action<long[], int>>? noiseOfThread = null)
    {
        this.group = group;
        step = noiseMultiplier * clipNorm / LatticeGaussian.Sigma;
        scale = step / expectedRecords;
        RecordNorm = clipNorm * (1 - SummationReserve) - Math.Sqrt(group.Count) * step;
        if (!(RecordNorm > 0)) throw new ArgumentOutOfRangeException(nameof(noiseMultiplier), noiseMultiplier, "The grid is too coarse for so many parameters.");
        this.noiseOfThread = noiseOfThread ?? SecureNoise;
    }

    /// <summary>What each record's gradient is to be clipped to.</summary>
    public double RecordNorm { get; }

    /// <summary>Adds the shards' sums into the first one and makes it public; clears the others.</summary>
    /// <param name="sums">One flat vector of all parameters a shard.</param>
    /// <param name="device">Whose threads share the work.</param>
    public void Release(IReadOnlyList<Tensor> sums, ComputeDevice device)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var sum = sums[0].narrow(0, group.Start, group.Count);
        foreach (var other in sums.Skip(1))
        {
            var part = other.narrow(0, group.Start, group.Count);
            sum.add_(part, Scalars.One);
            part.zero_();
        }

        var released = sum.cpu(); // on the CPU the sum itself
        var parts = device.Threads;
        device.Run(parts, part =>
        {
            var (from, to) = ((int)(group.Count * part / parts), (int)(group.Count * (part + 1) / parts));
            AddNoise(MemoryMarshal.Cast<byte, float>(released.bytes)[from..to]);
            return 0;
        });
        if (!device.IsCpu) sum.copy_(released);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddNoise(Span<float> values)
    {
        var draw = noiseOfThread();
        var noise = new long[Math.Min(SliceLength, values.Length)];
        for (var first = 0; first < values.Length; first += SliceLength)
        {
            var slice = values.Slice(first, Math.Min(SliceLength, values.Length - first));
            draw(noise, slice.Length);

            // A sum that is not finite cannot come from clipped records; should it ever, noise alone is released in its place.
            for (var i = 0; i < slice.Length; i++)
                slice[i] = (float)(((float.IsFinite(slice[i]) ? Math.Round(slice[i] / step) : 0) + noise[i]) * scale);
        }
    }

    private static Action<long[], int> SecureNoise()
    {
        var gaussian = LatticeGaussian.OfThread;
        return (noise, count) => gaussian.Fill(noise.AsSpan(0, count));
    }
}
