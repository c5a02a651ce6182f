using SynthStudio.Synthesis.Boosting;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Autoregressive.Refinement;

/// <summary>Learns a density ratio from rows of two kinds, and says whether it holds on rows that it was not learned from.</summary>
internal sealed class RatioFit
{
    private readonly RefinementPlan plan;
    private readonly bool[] labels;
    private readonly int[] grownOn, heldBack;
    private readonly double offset;
    private readonly long seed;
    private readonly int threads;

    /// <param name="plan">Trees and what they must gain.</param>
    /// <param name="labels">By row: whether it is a training row; the others were drawn, <see cref="RefinementPlan.DrawnPerRow"/> for each.</param>
    /// <param name="seed">Of the split and of the trees.</param>
    /// <param name="threads">Work on a tree side by side.</param>
    public RatioFit(RefinementPlan plan, bool[] labels, long seed, int threads)
    {
        (this.plan, this.labels, this.seed, this.threads) = (plan, labels, seed, threads);
        var random = new SeededStream(seed, StreamPurpose.RefinementSplit, 0);
        var held = Array.ConvertAll(labels, _ => random.NextDouble() < plan.HeldBackShare);
        grownOn = [.. Enumerable.Range(0, labels.Length).Where(row => !held[row])];
        heldBack = [.. Enumerable.Range(0, labels.Length).Where(row => held[row])];
        offset = -Math.Log(plan.DrawnPerRow);
    }

    /// <summary>The log of how much more frequent a row is among training rows than among drawn ones; null when it does not hold.</summary>
    /// <param name="column">Names the random numbers.</param>
    /// <param name="bins">By feature, by row.</param>
    /// <param name="binCounts">By feature.</param>
    /// <param name="cancellation">Looked at between trees.</param>
    /// <returns>The trees, and their gain on held-back rows in nats a row.</returns>
    public (ObliviousTrees Trees, double Gain)? Fit(int column, byte[][] bins, int[] binCounts, CancellationToken cancellation)
    {
        var rows = new LabelledRows(bins, binCounts, labels);
        var tested = rows.Take(heldBack);
        var booster = new TreeBooster(
            plan.Boosting, rows.Take(grownOn), offset, new SeededStream(seed, StreamPurpose.RefinementRows, column), threads);
        var (trees, scores) = booster.Fit(tested, cancellation);
        var gain = Gain(scores, tested.Labels);
        return trees.Count > 0 && gain >= plan.LeastGain && Evidence.Of(Falls(scores, tested.Labels)).StandardErrors >= plan.LeastEvidence
            ? (trees, gain)
            : null;
    }

    /// <summary>Mean of log r over training rows less the log of the mean of r over drawn rows: what it gains in log-likelihood once r is normalised.</summary>
    private static double Gain(float[] scores, bool[] labels)
    {
        double logs = 0, ratios = 0;
        var training = labels.Count(label => label);
        for (var row = 0; row < scores.Length; row++)
        {
            if (labels[row]) logs += scores[row];
            else ratios += Math.Exp(scores[row]);
        }

        return logs / training - Math.Log(ratios / (labels.Length - training));
    }

    /// <summary>Fall of the logistic loss, by row.</summary>
    private double[] Falls(float[] scores, bool[] labels) => [.. scores.Zip(labels, (score, label) =>
    {
        var sign = label ? -1 : 1;
        return Math.Log(1 + Math.Exp(sign * offset)) - Math.Log(1 + Math.Exp(sign * (offset + score)));
    })];
}
