using SynthStudio.Privacy.Noise;

namespace SynthStudio.Privacy.Tests;

/// <summary>The noise and the sampling of private training, at six standard errors: chance fails about once in 10^8 runs.</summary>
[TestClass]
public sealed class LatticeNoiseTests
{
    private const int Draws = 1 << 18;

    [TestMethod]
    public void Table_draws_have_the_probabilities_of_a_discrete_gaussian()
    {
        using var bits = new SecureKeystream();
        var counts = new Dictionary<long, int>();
        for (var i = 0; i < Draws; i++)
        {
            var k = GaussianTable.Shared.Draw(bits.Next64(), bits) / 256;
            counts[k] = counts.GetValueOrDefault(k) + 1;
        }

        var densities = Enumerable.Range(-16_000, 32_001).Select(k => (K: k / 256, Weight: Math.Exp(-0.5 * k / 1024.0 * k / 1024.0))).ToArray();
        var total = densities.Sum(d => d.Weight);
        foreach (var group in densities.GroupBy(d => d.K))
        {
            var (share, drawn) = (group.Sum(d => d.Weight) / total, counts.GetValueOrDefault(group.Key));
            Assert.AreEqual(share * Draws, drawn, 6 * Math.Sqrt(share * Draws) + 6, $"draws with quotient {group.Key}");
        }
    }

    [TestMethod]
    public void Lattice_noise_is_gaussian_of_its_width()
    {
        using var gaussian = new LatticeGaussian();
        var noise = new long[Draws];
        gaussian.Fill(noise);
        var z = Array.ConvertAll(noise, k => k / LatticeGaussian.Sigma);
        Assert.AreEqual(0, z.Average(), 6 / Math.Sqrt(Draws));
        Assert.AreEqual(1, z.Average(x => x * x), 6 * Math.Sqrt(2.0 / Draws));
        Assert.AreEqual(3, z.Average(x => x * x * x * x), 6 * Math.Sqrt(96.0 / Draws));
        foreach (var x in new[] { -3.0, -1, -0.1, 0, 0.5, 2 })
        {
            var share = Math.Exp(Numerics.Normal.LogCdf(x));
            Assert.AreEqual(share, z.Count(v => v <= x) / (double)Draws, 6 * Math.Sqrt(share * (1 - share) / Draws));
        }

        // Even the last bits are noise: no grid coarser than whole numbers.
        Assert.AreEqual(0.5, noise.Count(k => (k & 1) == 1) / (double)Draws, 3 / Math.Sqrt(Draws));
    }

    [TestMethod]
    public void Two_sources_never_repeat_each_other()
    {
        using SecureKeystream one = new(), two = new();
        var words = new ulong[20_000];
        one.Fill(words);
        var all = new HashSet<ulong>(words);
        two.Fill(words);
        Assert.HasCount(20_000, all);
        Assert.IsFalse(words.Any(all.Contains));
    }

    [TestMethod]
    public void Poisson_batches_scatter_as_binomial_numbers_do()
    {
        using var bits = new SecureKeystream();
        var sampling = new PoissonSampling(0.1, bits);
        const int records = 1_000, batches = 4_000;
        var drawn = new int[records];
        var sizes = new double[batches];
        for (var b = 0; b < batches; b++)
        {
            var batch = sampling.Draw(records);
            sizes[b] = batch.Length;
            foreach (var record in batch) drawn[record]++;
            CollectionAssert.AreEqual(batch.Distinct().Order().ToArray(), batch);
        }

        Assert.AreEqual(100, sizes.Average(), 6 * Math.Sqrt(90.0 / batches));
        Assert.AreEqual(90, sizes.Average(s => (s - 100) * (s - 100)), 6 * 90 * Math.Sqrt(2.0 / batches) + 1);
        Assert.IsTrue(drawn.All(count => Math.Abs(count - 400) < 7 * Math.Sqrt(360)));
        Assert.HasCount(records, new PoissonSampling(1, bits).Draw(records));
    }
}
