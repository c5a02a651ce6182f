using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Encoding;

/// <summary>Rows drawn without replacement.</summary>
internal static class RowSample
{
    /// <summary>
    /// <paramref name="size"/> of <paramref name="count"/> rows, or all when there are no more, in random order: the rows that
    /// <c>DataFrame.sample(n, random_state=seed)</c> of pandas draws.
    /// </summary>
    public static int[] Draw(int count, int size, int seed)
    {
        var rows = new RandomState(seed).Permutation(count);
        Array.Resize(ref rows, Math.Min(size, count));
        return rows;
    }

    /// <summary>All rows in their order when there are no more than <paramref name="mostRows"/>, else as many at random.</summary>
    public static int[] DrawIfMore(int count, int mostRows, int seed) =>
        count > mostRows ? Draw(count, mostRows, seed) : [.. Enumerable.Range(0, count)];
}
