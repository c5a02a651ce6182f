using SynthStudio.Synthesis.Autoregressive.Refinement;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Refinement;

[TestClass]
public sealed class PredictorsTests
{
    [TestMethod]
    public void Of_many_columns_those_are_taken_that_say_or_are_told_most()
    {
        // Two coins, and whether a third fell like the second.
        var random = new SeededStream(1, StreamPurpose.Codec, 0);
        var rows = Enumerable.Range(0, 2_000).Select(_ => (Alone: random.NextInt(2), Coin: random.NextInt(2), Wrong: random.NextInt(10))).ToArray();
        var table = TestTables.Make(
            TestTables.Coded("alone", ColumnKind.Boolean, rows.Select(row => row.Alone == 0 ? "yes" : "no")),
            TestTables.Coded("coin", ColumnKind.Boolean, rows.Select(row => row.Coin == 0 ? "yes" : "no")),
            TestTables.Coded("copy", ColumnKind.Boolean, rows.Select(row => row.Coin == 0 == row.Wrong > 0 ? "yes" : "no")));
        var codec = TableCodec.Fit(table, 1, protectRare: true);
        var wide = new Predictors(codec, codec.Encode(table), most: 1, new ParallelOptions());
        CollectionAssert.AreEqual((int[])[1, 2], wide.MostDependent([0, 1, 2], 2, first: -1));
        CollectionAssert.AreEqual((int[])[0], wide.MostDependent([0, 1, 2], 1, first: 0));
        CollectionAssert.AreEqual((int[])[2], wide.Of(1, [0, 2]));
        var narrow = new Predictors(codec, codec.Encode(table), most: 2, new ParallelOptions());
        CollectionAssert.AreEqual((int[])[0, 2], narrow.Of(1, [0, 2]));
        CollectionAssert.AreEqual((int[])[0, 1, 2], narrow.MostDependent([0, 1, 2], 3, first: -1));
    }
}
