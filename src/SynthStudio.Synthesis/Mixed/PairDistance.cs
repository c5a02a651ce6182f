namespace SynthStudio.Synthesis.Mixed;

/// <summary>
/// How far drawn rows are from real ones, for networks whose loss does not say: total variation distance of the joint distribution of two
/// columns, averaged over all pairs. 0 when equal, 1 when nothing in common; never 0 for few rows.
/// </summary>
internal sealed class PairDistance
{
    /// <summary>Most pairs that are looked at; with more columns, the pairs of neighbours at growing distance.</summary>
    private const int MostPairs = 200;

    private readonly MixedLayout layout;
    private readonly (int First, int Second)[] pairs;

    /// <summary>[column][row] of the real rows.</summary>
    private readonly int[][] real;

    /// <param name="layout">The columns.</param>
    /// <param name="rows">The table.</param>
    /// <param name="compared">Its rows that drawn ones are compared with, at most 2^15.</param>
    public PairDistance(MixedLayout layout, MixedRows rows, int[] compared)
    {
        this.layout = layout;
        pairs = [.. (from distance in Enumerable.Range(Math.Min(1, layout.Count - 1), Math.Max(layout.Count - 1, 1))
                     from c in Enumerable.Range(0, layout.Count - distance)
                     select (First: c, Second: c + distance)).Take(MostPairs)];
        real = [.. Enumerable.Range(0, layout.Count).Select(column => Array.ConvertAll(compared, row => Code(rows, column, row)))];
    }

    /// <param name="drawn">Parts of the drawn rows, at most 2^15 in all.</param>
    public double To(IReadOnlyList<MixedRows> drawn)
    {
        int[][] codes = [.. Enumerable.Range(0, layout.Count).Select(Codes)];
        return pairs.AsParallel().AsOrdered().Select(pair => Distance(pair.First, pair.Second)).ToArray().Average();

        int[] Codes(int column) => [.. drawn.SelectMany(rows => Enumerable.Range(0, rows.Count).Select(row => Code(rows, column, row)))];

        double Distance(int first, int second)
        {
            int width = Width(second), realRows = real[0].Length, drawnRows = codes[0].Length;

            // In rows of the one table times rows of the other, so that numbers stay whole.
            var balance = new int[Width(first) * width];
            for (var row = 0; row < realRows; row++) balance[real[first][row] * width + real[second][row]] += drawnRows;
            for (var row = 0; row < drawnRows; row++) balance[codes[first][row] * width + codes[second][row]] -= realRows;
            return balance.Sum(cell => (long)Math.Abs(cell)) / (2.0 * realRows * drawnRows);
        }
    }

    private int Width(int column) => 2 * layout.Columns[column].Symbols;

    /// <summary>The symbol, and on which side of its mode's center the value lies.</summary>
    private static int Code(MixedRows rows, int column, int row) =>
        2 * rows.Symbols[column][row] + (rows.Scalars[column] is { } scalars && scalars[row] > 0 ? 1 : 0);
}
