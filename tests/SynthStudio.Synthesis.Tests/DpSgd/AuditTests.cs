using SynthStudio.Privacy;
using SynthStudio.Privacy.Auditing;
using SynthStudio.Privacy.Events;
using SynthStudio.Privacy.Gaussian;
using SynthStudio.Privacy.Noise;
using SynthStudio.Synthesis.Randomness;
using NormalDistribution = MathNet.Numerics.Distributions.Normal;

namespace SynthStudio.Synthesis.Tests.DpSgd;

/// <summary>
/// Attacks the step of private training with gradient canaries and holds what they gain against what the accountants claim; then plants faults, each of
/// which an attack or a check must find. Bounds hold at 1 - 10^-8, so that a true claim is refuted by chance once in 10^8 runs.
/// </summary>
[TestClass]
public sealed class AuditTests
{
    private const double Significance = 1e-8, Delta = 1e-5;

    private static readonly AuditedStep Sound = new();

    private static double Claim { get; } = AnalyticGaussian.Epsilon(Sound.NoiseMultiplier, Delta);

    [TestMethod]
    public void The_full_batch_step_leaks_what_is_claimed_and_no_more()
    {
        var bound = FullBatchBound(Sound, canaries: 80_000);
        Assert.IsLessThanOrEqualTo(Claim, bound);
        Assert.IsGreaterThanOrEqualTo(0.8 * Claim, bound, "the attack has lost its strength");
    }

    [TestMethod]
    public void Sampled_steps_leak_no_more_than_is_claimed()
    {
        const double delta = 0.1;
        const int steps = 4, canaries = 60_000;
        var step = Sound with { SampleRate = 0.5, NoiseMultiplier = 0.8 };
        var claim = Accountants.Get("pld").Epsilon(new PoissonSampledEvent(0.5, new GaussianEvent(0.8)).Times(steps), delta);

        // The likelihood ratio of one step for a canary that is in it with probability q.
        var members = Coins(canaries);
        var scores = step.Attack(members, steps, s => Math.Log(1 - 0.5 + 0.5 * Math.Exp((s - 0.5) / (0.8 * 0.8))));
        var bound = Bound(scores, members, threshold: claim * 0.6, delta);
        Assert.IsLessThanOrEqualTo(claim, bound);
        Assert.IsGreaterThan(0.5 * claim, bound, "the attack has lost its strength");
    }

    [TestMethod]
    public void Halved_noise_is_found() => IsRefuted(Sound with { Noise = () => Halved(new LatticeGaussian()) });

    [TestMethod]
    public void Records_that_are_not_clipped_are_found() => IsRefuted(Sound with { ClippingOff = true });

    [TestMethod]
    public void A_mean_clipped_in_place_of_records_is_found() => IsRefuted(Sound with { MeanBeforeClip = true });

    [TestMethod]
    public void Division_by_the_records_that_came_is_found()
    {
        Assert.IsFalse(FollowsTheRealisedBatch(Sound));
        Assert.IsTrue(FollowsTheRealisedBatch(Sound with { RealisedBatch = true }));
    }

    [TestMethod]
    public void Shuffled_batches_are_found()
    {
        using var bits = new SecureKeystream();
        Assert.IsTrue(ScattersLikePoissonSampling(new PoissonSampling(0.1, bits).Draw));
        Assert.IsFalse(ScattersLikePoissonSampling(Shuffled(0.1)));
    }

    [TestMethod]
    public void Noise_from_a_seed_is_found()
    {
        Assert.IsFalse(RepeatsItself(Sound));
        Assert.IsTrue(RepeatsItself(Sound with { Noise = Seeded }));
    }

    private static void IsRefuted(AuditedStep faulty) => Assert.IsGreaterThan(Claim, FullBatchBound(faulty, canaries: 20_000));

    /// <summary>
    /// With all records in one step, a canary's score is Gaussian around 0 or 1: the two rates bound mu of Gaussian differential privacy (Nasr et al.,
    /// arXiv:2302.07956), and it the epsilon.
    /// </summary>
    private static double FullBatchBound(AuditedStep step, int canaries)
    {
        var members = Coins(canaries);
        var scores = step.Attack(members, steps: 1, s => s);
        var (found, inside, suspected, outside) = Count(scores, members, 0.5);
        var mu = NormalDistribution.InvCDF(0, 1, ClopperPearson.Lower(found, inside, Significance / 2))
            - NormalDistribution.InvCDF(0, 1, ClopperPearson.Upper(suspected, outside, Significance / 2));
        return mu > 0 ? AnalyticGaussian.Epsilon(1 / mu, Delta) : 0;
    }

    private static double Bound(double[] scores, bool[] members, double threshold, double delta)
    {
        var (found, inside, suspected, outside) = Count(scores, members, threshold);
        return ClopperPearson.Epsilon(found, inside, suspected, outside, delta, Significance);
    }

    private static (long Found, long Inside, long Suspected, long Outside) Count(double[] scores, bool[] members, double threshold)
    {
        var inside = members.LongCount(m => m);
        return (scores.Where((s, i) => members[i] && s > threshold).LongCount(), inside,
            scores.Where((s, i) => !members[i] && s > threshold).LongCount(), members.Length - inside);
    }

    /// <summary>Whether twice as many records give the same mean: then their number is in what is released.</summary>
    private static bool FollowsTheRealisedBatch(AuditedStep step)
    {
        var silent = step with { Noise = () => (noise, count) => Array.Clear(noise) };
        double PushOf(int records) => silent.Attack([.. Enumerable.Range(0, 2_000).Select(i => i < records)], 1, s => s)[0];
        return Math.Abs(PushOf(100) - PushOf(1_000)) > 1e-3;
    }

    /// <summary>Whether batch sizes scatter as binomial numbers do: their variance over 2,000 batches is within six standard errors.</summary>
    private static bool ScattersLikePoissonSampling(Func<int, int[]> sampling)
    {
        const int records = 1_000, batches = 2_000;
        var sizes = Enumerable.Range(0, batches).Select(_ => (double)sampling(records).Length).ToArray();
        return Math.Abs(sizes.Average(s => (s - 100) * (s - 100)) / 90 - 1) < 6 * Math.Sqrt(2.0 / batches);
    }

    private static bool RepeatsItself(AuditedStep step)
    {
        double Released() => step.Attack(new bool[64], 1, s => s)[3];
        return Released() == Released();
    }

    private static bool[] Coins(int canaries)
    {
        using var bits = new SecureKeystream();
        return [.. Enumerable.Range(0, canaries).Select(_ => (bits.Next64() & 1) == 1)];
    }

    private static Action<long[], int> Halved(LatticeGaussian gaussian) => (noise, count) =>
    {
        gaussian.Fill(noise.AsSpan(0, count));
        for (var i = 0; i < count; i++) noise[i] /= 2;
    };

    private static Action<long[], int> Seeded()
    {
        var random = new SeededStream(7, StreamPurpose.TrainingNoise, 0);
        return (noise, count) =>
        {
            for (var i = 0; i < count; i++) noise[i] = (long)(random.NextGaussian() * LatticeGaussian.Sigma);
        };
    }

    private static Func<int, int[]> Shuffled(double sampleRate)
    {
        var random = new SeededStream(7, StreamPurpose.Epoch, 0);
        return records =>
        {
            var order = Enumerable.Range(0, records).ToArray();
            random.Shuffle<int>(order);
            return [.. order.Take((int)(sampleRate * records)).Order()];
        };
    }
}
