using System.Runtime.Intrinsics;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Boosting;

/// <summary>
/// Grows <see cref="ObliviousTrees"/> that tell two classes of rows apart: gradient boosting of the logistic loss (Friedman 2001) on histograms,
/// with second-order leaves (Chen and Guestrin, arXiv:1603.02754). The same trees on any number of threads.
/// </summary>
internal sealed class TreeBooster
{
    private readonly BoostingPlan plan;
    private readonly LabelledRows data;
    private readonly double offset;
    private readonly SeededStream random;
    private readonly float[] scores;
    private readonly byte[] leaf;
    private readonly Vector128<double>[] gradients;
    private readonly QuestionSearch[] searches;

    /// <param name="plan">Depth, rate and regularisation.</param>
    /// <param name="data">Rows of both classes.</param>
    /// <param name="offset">Log-odds of the first class before any tree.</param>
    /// <param name="random">Chooses the rows of each tree.</param>
    /// <param name="threads">Work on features side by side.</param>
    public TreeBooster(BoostingPlan plan, LabelledRows data, double offset, SeededStream random, int threads)
    {
        (this.plan, this.data, this.offset, this.random) = (plan, data, offset, random);
        (scores, leaf, gradients) = (new float[data.Count], new byte[data.Count], new Vector128<double>[data.Count]);
        searches = [.. Enumerable.Range(0, Math.Min(threads, data.Bins.Length))
            .Select(_ => new QuestionSearch(data.BinCounts.Max(), plan.Depth, plan.Regularisation))];
    }

    /// <summary>Grows trees until the loss on held-back rows no longer falls.</summary>
    /// <returns>The trees up to the lowest loss, and by held-back row the log-odds that they add.</returns>
    public (ObliviousTrees Trees, float[] HeldBackScores) Fit(LabelledRows heldBack, CancellationToken cancellation)
    {
        var (scores, best) = (new float[heldBack.Count], new float[heldBack.Count]);
        var (lowest, kept) = (Loss(scores, heldBack.Labels), 0);
        var trees = new List<ObliviousTrees>();
        while (trees.Count < plan.Trees && trees.Count < kept + plan.Patience)
        {
            cancellation.ThrowIfCancellationRequested();
            trees.Add(Grow());
            trees[^1].AddTo(heldBack.Bins, scores);
            var loss = Loss(scores, heldBack.Labels);
            if (loss >= lowest) continue;
            (lowest, kept) = (loss, trees.Count);
            scores.CopyTo(best, 0);
        }

        return (ObliviousTrees.Join(plan.Depth, trees[..kept]), best);
    }

    /// <summary>Grows one more tree.</summary>
    public ObliviousTrees Grow()
    {
        var rows = DrawRows();
        Array.Clear(leaf);
        var (features, thresholds) = (new int[plan.Depth], new byte[plan.Depth]);
        for (var level = 0; level < plan.Depth; level++)
        {
            var (feature, threshold) = (features[level], thresholds[level]) = BestQuestion(rows, 1 << level);
            var (bins, bit) = (data.Bins[feature], (byte)(1 << level));
            for (var row = 0; row < leaf.Length; row++) if (bins[row] > threshold) leaf[row] |= bit;
        }

        var sums = new Vector128<double>[1 << plan.Depth];
        foreach (var row in rows) sums[leaf[row]] += gradients[row];
        var leaves = Array.ConvertAll(sums, sum => (float)(-plan.LearningRate * sum[0] / (sum[1] + plan.Regularisation)));
        for (var row = 0; row < leaf.Length; row++) scores[row] += leaves[leaf[row]];
        return new ObliviousTrees(plan.Depth, features, thresholds, leaves);
    }

    private int[] DrawRows()
    {
        var rows = new List<int>(data.Count);
        for (var row = 0; row < data.Count; row++)
        {
            if (random.NextSingle() >= plan.RowShare) continue;
            rows.Add(row);
            var p = 1 / (1 + Math.Exp(-(scores[row] + offset)));
            gradients[row] = Vector128.Create(p - (data.Labels[row] ? 1 : 0), p * (1 - p));
        }

        return [.. rows];
    }

    private (int Feature, byte Threshold) BestQuestion(int[] rows, int leaves)
    {
        var found = new (double Gain, byte Threshold)[data.Bins.Length];
        Parallel.For(0, searches.Length, part =>
        {
            for (var f = part; f < found.Length; f += searches.Length)
                found[f] = searches[part].Best(data.Bins[f], data.BinCounts[f], rows, leaf, leaves, gradients);
        });
        var best = 0;
        for (var f = 1; f < found.Length; f++) if (found[f].Gain > found[best].Gain) best = f;
        return (best, found[best].Threshold);
    }

    /// <summary>Mean logistic loss.</summary>
    private double Loss(float[] scores, bool[] labels)
    {
        double sum = 0;
        for (var row = 0; row < scores.Length; row++) sum += Math.Log(1 + Math.Exp((labels[row] ? -1 : 1) * (scores[row] + offset)));
        return sum / Math.Max(scores.Length, 1);
    }
}
