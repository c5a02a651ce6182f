namespace SynthStudio.Evaluation.Statistics;

/// <summary>The unordered pairs of columns.</summary>
internal static class ColumnPairs
{
    /// <summary>As many pairs as wanted at random, in order; all of them when there are no more.</summary>
    public static (int X, int Y)[] Sample(int count, int mostPairs, int seed)
    {
        var pairs = Of(count);
        if (pairs.Length <= mostPairs)
        {
            return pairs;
        }

        var drawn = new RandomState(seed).Permutation(pairs.Length).AsSpan(0, mostPairs).ToArray();
        Array.Sort(drawn);
        return Array.ConvertAll(drawn, i => pairs[i]);
    }

    /// <summary>All pairs (x, y) with x before y below <paramref name="count"/>, in order.</summary>
    public static (int X, int Y)[] Of(int count)
    {
        var pairs = new (int X, int Y)[count * (count - 1) / 2];
        var i = 0;
        for (var x = 0; x < count; x++)
        {
            for (var y = x + 1; y < count; y++)
            {
                pairs[i++] = (x, y);
            }
        }

        return pairs;
    }
}
