using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SynthStudio.Synthesis.Boosting;

/// <summary>Finds the question that lowers the loss most when all leaves of a tree ask it, among the questions of one feature at a time.</summary>
/// <param name="mostBins">Of any feature.</param>
/// <param name="depth">Levels of a tree.</param>
/// <param name="regularisation">Lambda.</param>
internal sealed class QuestionSearch(int mostBins, int depth, double regularisation)
{
    private readonly Vector128<double>[] histogram = new Vector128<double>[mostBins << depth];

    /// <summary>The best threshold of a feature, and what it gains over asking nothing: half of this is the fall of the loss.</summary>
    /// <param name="bins">By row, the feature's bin.</param>
    /// <param name="count">Number of its bins.</param>
    /// <param name="rows">Rows to look at.</param>
    /// <param name="leaf">By row, its leaf so far.</param>
    /// <param name="leaves">Number of leaves so far, a power of two.</param>
    /// <param name="gradients">By row, the loss's first and second derivative.</param>
    public (double Gain, byte Threshold) Best(byte[] bins, int count, int[] rows, byte[] leaf, int leaves, Vector128<double>[] gradients)
    {
        var sums = histogram.AsSpan(0, count * leaves);
        sums.Clear();
        ref var first = ref MemoryMarshal.GetReference(sums);
        foreach (var row in rows) Unsafe.Add(ref first, bins[row] * leaves + leaf[row]) += gradients[row];

        // By leaf: sums of all bins, and of those up to the threshold.
        Span<Vector128<double>> all = stackalloc Vector128<double>[leaves], low = stackalloc Vector128<double>[leaves];
        all.Clear();
        low.Clear();
        for (var i = 0; i < sums.Length; i++) all[i & (leaves - 1)] += sums[i];
        double without = 0;
        foreach (var sum in all) without += Score(sum);
        var best = (Gain: 0.0, Threshold: byte.MaxValue);
        for (var bin = 0; bin < count - 1; bin++)
        {
            var gain = -without;
            for (var l = 0; l < leaves; l++)
            {
                low[l] += sums[bin * leaves + l];
                gain += Score(low[l]) + Score(all[l] - low[l]);
            }

            if (gain > best.Gain) best = (gain, (byte)bin);
        }

        return best;
    }

    /// <summary>G^2 / (H + lambda), equation 6 of arXiv:1603.02754.</summary>
    private double Score(Vector128<double> sum) => sum[0] * sum[0] / (sum[1] + regularisation);
}
