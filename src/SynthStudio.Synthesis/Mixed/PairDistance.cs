namespace SynthStudio.Synthesis.Mixed;

/// <summary>
/// How far drawn rows are from real ones, for networks whose loss does not say: total variation distance of the joint distribution of two
/// columns, averaged over all pairs. 0 when equal, 1 when nothing in common; never 0 for few rows.
/// </summary>
internal static class PairDistance
{
    /// <summary>Most pairs that are looked at; with more columns, the pairs of neighbours at growing distance.</summary>
    private const int MostPairs = 200;

    public static double Between(MixedLayout layout, MixedRows real, int[] realRows, MixedRows drawn)
    {
        var pairs = (from distance in Enumerable.Range(Math.Min(1, layout.Count - 1), Math.Max(layout.Count - 1, 1))
                     from c in Enumerable.Range(0, layout.Count - distance)
                     select (First: c, Second: c + distance)).Take(MostPairs).ToList();
        var drawnRows = Enumerable.Range(0, drawn.Count).ToArray();
        return pairs.AsParallel().AsOrdered().Select(pair => Distance(pair.First, pair.Second)).ToArray().Average();

        double Distance(int first, int second)
        {
            var width = 2 * layout.Columns[second].Symbols;
            var balance = new double[2 * layout.Columns[first].Symbols * width];
            foreach (var row in realRows) balance[Code(real, first, row) * width + Code(real, second, row)] += 1.0 / realRows.Length;
            foreach (var row in drawnRows) balance[Code(drawn, first, row) * width + Code(drawn, second, row)] -= 1.0 / drawnRows.Length;
            return balance.Sum(Math.Abs) / 2;
        }
    }

    /// <summary>The symbol, and on which side of its mode's center the value lies.</summary>
    private static int Code(MixedRows rows, int column, int row) =>
        2 * rows.Symbols[column][row] + (rows.Scalars[column] is { } scalars && scalars[row] > 0 ? 1 : 0);
}
