using System.Globalization;
using MathNet.Numerics.Distributions;
using SynthStudio.Privacy;
using SynthStudio.Privacy.Auditing;
using SynthStudio.Privacy.Events;
using SynthStudio.Privacy.Gaussian;
using SynthStudio.Privacy.Noise;
using SynthStudio.Synthesis.Tests.DpSgd;

namespace SynthStudio.Bench.PrivateAudit;

/// <summary>
/// The long version of the tests' audit of the private training step: many canaries, several noise multipliers and rates. Ends with 1 when a lower bound
/// on epsilon is above what is claimed.
/// </summary>
internal static class PrivateAuditCommand
{
    private const double Delta = 1e-5, SampledDelta = 0.1;
    private const int SampledSteps = 4;

    public static int Run(Arguments args)
    {
        var canaries = int.Parse(args.Take("canaries") ?? "400000", CultureInfo.InvariantCulture);
        var significance = double.Parse(args.Take("significance") ?? "1e-6", CultureInfo.InvariantCulture);
        var broken = false;
        foreach (var noise in new[] { 0.5, 1.0, 2.0 })
        {
            var bound = FullBatch(noise, canaries, significance);
            Report($"full batch, noise {noise}, delta {Delta}", AnalyticGaussian.Epsilon(noise, Delta), bound);
        }

        foreach (var (noise, rate) in new[] { (0.8, 0.5), (1.0, 0.3) })
        {
            var step = new PoissonSampledEvent(rate, new GaussianEvent(noise)).Times(SampledSteps);
            Report($"{SampledSteps} steps at rate {rate}, noise {noise}, delta {SampledDelta}", Accountants.Get("pld").Epsilon(step, SampledDelta), Sampled(noise, rate, canaries, significance));
        }

        return broken ? 1 : 0;

        void Report(FormattableString what, double claim, double bound)
        {
            broken |= bound > claim;
            Console.WriteLine(FormattableString.Invariant(what) + FormattableString.Invariant($": at least {bound:f3} of {claim:f3} claimed ({bound / claim:p0})"));
        }
    }

    private static double FullBatch(double noise, int canaries, double significance)
    {
        var members = Coins(canaries);
        var scores = new AuditedStep { NoiseMultiplier = noise }.Attack(members, 1, s => s);
        var (found, inside, suspected, outside) = Count(scores, members, 0.5, 0, canaries);
        var mu = Normal.InvCDF(0, 1, ClopperPearson.Lower(found, inside, significance / 2))
            - Normal.InvCDF(0, 1, ClopperPearson.Upper(suspected, outside, significance / 2));
        return mu > 0 ? AnalyticGaussian.Epsilon(1 / mu, Delta) : 0;
    }

    /// <summary>The threshold is chosen on a third of the canaries and judged on the others.</summary>
    private static double Sampled(double noise, double rate, int canaries, double significance)
    {
        var members = Coins(canaries);
        var scores = new AuditedStep { NoiseMultiplier = noise, SampleRate = rate }.Attack(
            members, SampledSteps, s => Math.Log(1 - rate + rate * Math.Exp((s - 0.5) / (noise * noise))));
        var third = canaries / 3;
        var sorted = scores[..third].Order().ToArray();
        var threshold = Enumerable.Range(1, 99).Select(percent => sorted[third * percent / 100]).MaxBy(t => Bound(t, 0, third));
        return Bound(threshold, third, canaries);

        double Bound(double threshold, int from, int to)
        {
            var (found, inside, suspected, outside) = Count(scores, members, threshold, from, to);
            return ClopperPearson.Epsilon(found, inside, suspected, outside, SampledDelta, significance);
        }
    }

    private static (long Found, long Inside, long Suspected, long Outside) Count(double[] scores, bool[] members, double threshold, int from, int to)
    {
        long found = 0, inside = 0, suspected = 0;
        for (var i = from; i < to; i++)
        {
            inside += members[i] ? 1 : 0;
            if (!(scores[i] > threshold)) continue;
            if (members[i]) found++;
            else suspected++;
        }

        return (found, inside, suspected, to - from - inside);
    }

    private static bool[] Coins(int canaries)
    {
        using var bits = new SecureKeystream();
        return [.. Enumerable.Range(0, canaries).Select(_ => (bits.Next64() & 1) == 1)];
    }
}
