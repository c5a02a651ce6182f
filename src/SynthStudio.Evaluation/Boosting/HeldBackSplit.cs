using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Boosting;

/// <summary>Which training rows are kept to say when to stop: 10 % of more than 10,000 rows, none of fewer (scikit-learn's rule).</summary>
internal static class HeldBackSplit
{
    private const int SmallestSplitSize = 10_000;
    private const double HeldBackShare = 0.1;

    /// <param name="rows">The rows to split.</param>
    /// <param name="classOf">The class of a row, for a stratified split; null splits at random.</param>
    /// <param name="seed">Decides.</param>
    /// <returns>Both sides ascending; the held-back side is null when the rows are few.</returns>
    public static (int[] Fit, int[]? HeldBack) Split(int[] rows, Func<int, int>? classOf, int seed)
    {
        if (rows.Length <= SmallestSplitSize)
        {
            return (rows, null);
        }

        var shuffled = (int[])rows.Clone();
        new RandomState(seed).Shuffle(shuffled.AsSpan());
        var heldBack = new List<int>();
        var fit = new List<int>();
        foreach (var group in classOf is null ? [shuffled] : shuffled.GroupBy(classOf).Select(g => g.ToArray()))
        {
            var count = (int)Math.Round(HeldBackShare * group.Length);
            heldBack.AddRange(group.AsSpan(0, count));
            fit.AddRange(group.AsSpan(count));
        }

        heldBack.Sort();
        fit.Sort();
        return ([.. fit], [.. heldBack]);
    }
}
