using SynthStudio.Synthesis.Mixed;

namespace SynthStudio.Synthesis.Tests.Mixed;

[TestClass]
public sealed class PairDistanceTests
{
    [TestMethod]
    public void Is_0_for_the_same_rows_in_parts_and_the_total_variation_of_pairs_else()
    {
        var codec = MixedCodec.Fit(TestTables.Shop(600), new FitRequest { Seed = 1 }, protectRare: true, CancellationToken.None);
        var layout = new MixedLayout(codec.Columns);
        var rows = codec.Encode(TestTables.Shop(600), 1);
        var distance = new PairDistance(layout, rows, [.. Enumerable.Range(0, 600)]);
        Assert.AreEqual(0, distance.To([Part(rows, 0, 200), Part(rows, 200, 600)]), 1e-12);

        // A table whose first half is drawn twice: pairs differ by half the sum of differences of shares.
        var first = Part(rows, 0, 300);
        var expected = (from a in Enumerable.Range(0, layout.Count)
                        from b in Enumerable.Range(a + 1, layout.Count - a - 1)
                        let all = Pairs(rows, a, b)
                        let half = Pairs(first, a, b)
                        select all.Keys.Sum(pair => Math.Abs(all[pair] - half.GetValueOrDefault(pair))) / 2).Average();
        Assert.AreEqual(expected, distance.To([first, first]), 1e-9);
    }

    private static MixedRows Part(MixedRows rows, int from, int to) =>
        new([.. rows.Symbols.Select(column => column[from..to])], [.. rows.Scalars.Select(column => column?[from..to])]);

    private static Dictionary<(int, bool, int, bool), double> Pairs(MixedRows rows, int a, int b) =>
        Enumerable.Range(0, rows.Count)
            .GroupBy(row => ((int)rows.Symbols[a][row], rows.Scalars[a]?[row] > 0, (int)rows.Symbols[b][row], rows.Scalars[b]?[row] > 0))
            .ToDictionary(group => group.Key, group => (double)group.Count() / rows.Count);
}
