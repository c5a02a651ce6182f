using System.Runtime.Intrinsics;

namespace SynthStudio.Synthesis.Cart;

/// <summary>A way to cut a node in two.</summary>
/// <param name="Predictor">Index of the predictor.</param>
/// <param name="LeftBins">The bins that go left, bit by bit.</param>
/// <param name="Gain">Gain of log-likelihood in nats.</param>
internal sealed record Split(int Predictor, UInt128 LeftBins, double Gain);

/// <summary>
/// Finds a node's best split from histograms of classes by bin. The criterion is the log-likelihood of the classes (information gain
/// times rows, half the G² statistic). Bins without order are sorted first: by the mean class when classes have an order (exact for two
/// classes: Breiman et al. 1984, theorem 4.5), else by the share of each of the most frequent classes.
/// </summary>
/// <param name="bins">By predictor, by row.</param>
/// <param name="shapes">What the bins of each predictor are.</param>
/// <param name="orderedTarget">Whether classes have an order.</param>
/// <param name="minimumLeaf">Rows that each side keeps at least.</param>
/// <param name="penalty">Multiple of the gain by chance that a split must have.</param>
internal sealed class SplitSearch(byte[][] bins, PredictorBins[] shapes, bool orderedTarget, int minimumLeaf, double penalty)
{
    /// <summary>Orders that are tried for bins without one.</summary>
    private const int OrdersTried = 3;

    private const int Most = NodeClasses.Most;

    private static readonly double[] SmallXLogX = [.. Enumerable.Range(0, 1 << 16).Select(n => n == 0 ? 0 : n * Math.Log(n))];

    private readonly int[] histogram = new int[PredictorBins.MaxBins * Most];
    private readonly int[] binRows = new int[PredictorBins.MaxBins];
    private readonly int[] present = new int[PredictorBins.MaxBins];
    private readonly double[] key = new double[PredictorBins.MaxBins];
    private readonly int[] left = new int[Most];
    private readonly int[] total = new int[Most];

    /// <summary>The best split that is worth it; null when there is none.</summary>
    /// <param name="rows">The node's rows.</param>
    /// <param name="classes">Class by place in <paramref name="rows"/>.</param>
    /// <param name="classCount">Number of classes, at least 2.</param>
    public Split? Find(ReadOnlySpan<int> rows, ReadOnlySpan<byte> classes, int classCount)
    {
        Array.Clear(total);
        foreach (var c in classes) total[c]++;
        double before = -XLogX(rows.Length);
        for (var c = 0; c < classCount; c++) before += XLogX(total[c]);

        Split? best = null;
        var candidates = 0;
        for (var p = 0; p < bins.Length; p++)
        {
            var count = Count(p, rows, classes);
            if (count < 2) continue;
            candidates += count - 1;
            if (shapes[p].Ordered) Scan(p, count, rows.Length, classCount, before, ref best);
            else ScanUnordered(p, count, rows.Length, classCount, before, ref best);
        }

        return best is not null && best.Gain > Math.Max(1e-9, penalty * GainByChance(classCount - 1, candidates)) ? best : null;
    }

    /// <summary>
    /// What the best of so many useless splits gains at most, in nine of ten nodes: the tail bound of the chi-squared distribution by
    /// Laurent and Massart (2000, lemma 1), halved as the gain is half a chi-squared variable.
    /// </summary>
    private static double GainByChance(int degrees, int candidates)
    {
        var x = Math.Log(candidates / 0.1);
        return degrees / 2.0 + Math.Sqrt(degrees * x) + x;
    }

    /// <summary>Fills the histogram and lists the bins that occur.</summary>
    private int Count(int predictor, ReadOnlySpan<int> rows, ReadOnlySpan<byte> classes)
    {
        var bin = bins[predictor];
        var binCount = shapes[predictor].Count;
        Array.Clear(histogram, 0, binCount * Most);
        for (var i = 0; i < rows.Length; i++) histogram[bin[rows[i]] * Most + classes[i]]++;
        var count = 0;
        for (var b = 0; b < binCount; b++)
        {
            var inBin = Vector512.Sum(Vector512.Create<int>(histogram.AsSpan(b * Most, Most)));
            binRows[b] = inBin;
            if (inBin > 0) present[count++] = b;
        }

        return count;
    }

    private void ScanUnordered(int predictor, int count, int rows, int classCount, double before, ref Split? best)
    {
        var tries = orderedTarget || classCount == 2 ? 1 : Math.Min(OrdersTried, classCount);
        for (var attempt = 0; attempt < tries; attempt++)
        {
            for (var i = 0; i < count; i++)
            {
                var b = present[i];
                double sum = 0;
                if (orderedTarget)
                {
                    for (var c = 0; c < classCount; c++) sum += c * histogram[b * Most + c];
                }
                else
                {
                    sum = histogram[b * Most + attempt];
                }

                key[i] = sum / binRows[b];
            }

            Array.Sort(key, present, 0, count);
            Scan(predictor, count, rows, classCount, before, ref best);
        }
    }

    /// <summary>Moves the bins from right to left, one by one in the order of <see cref="present"/>.</summary>
    private void Scan(int predictor, int count, int rows, int classCount, double before, ref Split? best)
    {
        Array.Clear(left);
        double sumLeft = 0, sumRight = before + XLogX(rows), bestGain = best?.Gain ?? 0;
        int leftRows = 0, bestCount = 0;
        for (var i = 0; i < count - 1; i++)
        {
            var b = present[i] * Most;
            for (var c = 0; c < classCount; c++)
            {
                var moved = histogram[b + c];
                if (moved == 0) continue;
                var (l, r) = (left[c], total[c] - left[c]);
                sumLeft += XLogX(l + moved) - XLogX(l);
                sumRight += XLogX(r - moved) - XLogX(r);
                left[c] = l + moved;
            }

            leftRows += binRows[present[i]];
            if (leftRows < minimumLeaf) continue;
            if (rows - leftRows < minimumLeaf) break;
            var gain = sumLeft - XLogX(leftRows) + sumRight - XLogX(rows - leftRows) - before;
            if (gain > bestGain) (bestGain, bestCount) = (gain, i + 1);
        }

        if (bestCount > 0) best = new Split(predictor, LeftBins(predictor, bestCount), bestGain);
    }

    /// <summary>Bins that do not occur in the node go with their neighbour below when bins have an order, else right.</summary>
    private UInt128 LeftBins(int predictor, int leftCount)
    {
        if (shapes[predictor].Ordered) return (UInt128.One << present[leftCount]) - 1;
        UInt128 mask = 0;
        for (var i = 0; i < leftCount; i++) mask |= UInt128.One << present[i];
        return mask;
    }

    private static double XLogX(int n) => n < SmallXLogX.Length ? SmallXLogX[n] : n * Math.Log(n);
}
