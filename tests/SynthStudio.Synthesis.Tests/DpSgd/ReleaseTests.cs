using SynthStudio.Privacy.Noise;
using SynthStudio.Synthesis.DpSgd;
using SynthStudio.Synthesis.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Tests.DpSgd;

/// <summary>What is made public of a step: its noise, its divisor, and that it counts.</summary>
[TestClass]
public sealed class ReleaseTests
{
    private const int Parameters = 60_000;
    private const double Clip = 0.5, Multiplier = 2, Expected = 40;

    private static readonly ParameterGroup Group = new(0, Parameters, 0);

    private static readonly ComputeDevice Cpu = new(torch.CPU, 2);

    [TestMethod]
    public void The_sum_is_divided_by_the_expected_number_of_records_whoever_came()
    {
        var silent = new GradientRelease(Group, Clip, Multiplier, Expected, () => (noise, count) => Array.Clear(noise));
        foreach (var records in new[] { 0, 1, 77 })
            Assert.AreEqual(records * Clip / Expected, Release(silent, records * (float)Clip)[0], 1e-7);
    }

    [TestMethod]
    public void An_empty_batch_gets_noise_of_the_promised_width_like_any_other()
    {
        var released = Release(new GradientRelease(Group, Clip, Multiplier, Expected), 0);
        var z = Array.ConvertAll(released, g => g * Expected / (Clip * Multiplier));
        Assert.AreEqual(0, z.Average(), 6 / Math.Sqrt(Parameters));
        Assert.AreEqual(1, z.Average(x => x * x), 6 * Math.Sqrt(2.0 / Parameters));
    }

    [TestMethod]
    public void Noise_of_equal_steps_is_never_equal()
    {
        var release = new GradientRelease(Group, Clip, Multiplier, Expected);
        Assert.AreNotEqual(Release(release, 0)[5], Release(release, 0)[5]);
        Assert.AreNotEqual(Release(release, 0)[^1], Release(new GradientRelease(Group, Clip, Multiplier, Expected), 0)[^1]);
    }

    [TestMethod]
    public void Released_numbers_lie_on_the_grid()
    {
        // The grid is so fine that single precision hides it, but for a clipping norm that makes its step 1.
        var release = new GradientRelease(new ParameterGroup(0, 4, 0), LatticeGaussian.Sigma, 1, 1, () => (noise, count) => Array.Fill(noise, 3));
        using var scope = NewDisposeScope();
        var sum = tensor(new[] { 0.4f, -0.6f, 7.5f, 1e6f });
        release.Release([sum], Cpu);
        CollectionAssert.AreEqual(new[] { 3f, 2f, 11f, 1e6f + 3 }, sum.data<float>().ToArray());
    }

    [TestMethod]
    public void Records_are_clipped_to_a_little_less_for_the_grid()
    {
        var release = new GradientRelease(Group, Clip, Multiplier, Expected);
        var step = Clip * Multiplier / LatticeGaussian.Sigma;
        Assert.IsLessThanOrEqualTo(Clip - Math.Sqrt(Parameters) * step, release.RecordNorm);
        Assert.IsGreaterThan(0.999 * Clip, release.RecordNorm);
    }

    private static float[] Release(GradientRelease release, float sum)
    {
        using var scope = NewDisposeScope();
        var shards = new[] { full([Parameters], sum / 2), full([Parameters], sum / 2) };
        release.Release(shards, Cpu);
        Assert.AreEqual(0, shards[1].abs().sum().item<float>());
        return shards[0].data<float>().ToArray();
    }
}
