using SynthStudio.Privacy.Noise;

namespace SynthStudio.Privacy.Tests;

/// <summary>Samplers against the exact distributions they claim; limits are at six standard errors, so that chance fails about once in 10^8 runs.</summary>
[TestClass]
public sealed class NoiseTests
{
    private const int Draws = 40_000;

    [TestMethod]
    [DataRow(0.3)]
    [DataRow(1.0)]
    [DataRow(5.7)]
    [DataRow(2000.0)]
    public void Discrete_gaussian_noise_has_its_probabilities_mean_and_variance(double sigma)
    {
        var gaussian = new DiscreteGaussian(sigma);
        var draws = Sample(gaussian.Sample);

        var reach = (int)Math.Ceiling(12 * sigma);
        var weights = Enumerable.Range(-reach, 2 * reach + 1).Select(k => Math.Exp(-0.5 * k / gaussian.Sigma * k / gaussian.Sigma)).ToArray();
        var total = weights.Sum();
        for (var k = -2; k <= 2; k++) HasShare(draws.Count(d => d == k), weights[k + reach] / total);
        HasShare(draws.Count(d => Math.Abs(d) <= sigma), weights.Where((_, i) => Math.Abs(i - reach) <= sigma).Sum() / total);
        var variance = weights.Select((w, i) => w * (i - reach) * (double)(i - reach)).Sum() / total;
        Assert.AreEqual(0, draws.Average(), 6 * Math.Sqrt(variance / Draws));
        Assert.AreEqual(1, draws.Average(d => (double)d * d) / variance, 6 * Math.Sqrt(Math.Max(2, 1 / variance) / Draws));
        Assert.IsInRange(sigma, sigma * 1.01 + 0.001, gaussian.Sigma);
    }

    [TestMethod]
    [DataRow(0.5)]
    [DataRow(3.0)]
    [DataRow(70.5)]
    public void Discrete_laplace_noise_has_its_probabilities(double scale)
    {
        var draws = Sample(new DiscreteLaplace(scale).Sample);

        var zero = Math.Tanh(0.5 / scale);
        for (var k = -3; k <= 3; k++) HasShare(draws.Count(d => d == k), zero * Math.Exp(-Math.Abs(k) / scale));
    }

    [TestMethod]
    public void Uniform_numbers_are_uniform()
    {
        var bits = new SecureBits();
        var counts = new int[7];
        for (var i = 0; i < Draws; i++) counts[(int)bits.Below(7)]++;

        foreach (var count in counts) HasShare(count, 1.0 / 7);
        Assert.AreEqual(UInt128.Zero, bits.Below(1));
    }

    [TestMethod]
    public void Two_samplers_never_repeat_each_other()
    {
        var gaussian = new DiscreteGaussian(1000);

        CollectionAssert.AreNotEqual(Sample(gaussian.Sample, 20), Sample(gaussian.Sample, 20));
    }

    [TestMethod]
    public void The_same_bits_give_the_same_noise_whatever_it_is_added_to()
    {
        long[] Replay()
        {
            byte counter = 0;
            var bits = new SecureBits(block => Array.ForEach(Enumerable.Range(0, block.Length).ToArray(), i => block[i] = (byte)(counter++ * 151 + i / 256)));
            var gaussian = new DiscreteGaussian(30);
            return [.. Enumerable.Range(0, 50).Select(_ => gaussian.Sample(bits))];
        }

        CollectionAssert.AreEqual(Replay(), Replay());
    }

    [TestMethod]
    [DataRow(5, 1e-6, 24.767121544114495)]
    [DataRow(10, 1e-7, 52.99337582192817)]
    [DataRow(20, 1e-9, 120.95614030015373)]
    public void Thresholds_are_the_published_ones(double sigma, double delta, double threshold) =>
        Assert.AreEqual(threshold, GaussianThreshold.Of(sigma, delta), 1e-9);

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(-1.0)]
    [DataRow(double.NaN)]
    public void Noise_of_senseless_size_is_refused(double sigma)
    {
        Assert.ThrowsExactly<PrivacyException>(() => new DiscreteGaussian(sigma));
        Assert.ThrowsExactly<PrivacyException>(() => new DiscreteLaplace(sigma));
    }

    private static long[] Sample(Func<SecureBits, long> draw, int count = Draws)
    {
        var bits = new SecureBits();
        return [.. Enumerable.Range(0, count).Select(_ => draw(bits))];
    }

    private static void HasShare(int count, double probability) =>
        Assert.AreEqual(Draws * probability, count, 6 * Math.Sqrt(Draws * probability * (1 - probability)) + 3);
}
