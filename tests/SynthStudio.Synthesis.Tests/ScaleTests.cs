using SynthStudio.Synthesis.Autoregressive;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Tests;

/// <summary>What must not grow with a table, or no faster than it: seen in sizes, not in seconds.</summary>
[TestClass]
public sealed class ScaleTests
{
    [TestMethod]
    public void A_network_does_not_grow_with_the_distinct_texts_of_a_column()
    {
        double Parameters(int distinct)
        {
            var random = new SeededStream(2, StreamPurpose.Codec, 8);
            var texts = Enumerable.Range(0, distinct).Select(i => $"item {i * 7919 % distinct:x}{(i % 3 == 0 ? "" : " b")}").ToArray();
            var codes = Enumerable.Range(0, 30_000).Select(row => row % 2 == 0 ? random.NextInt(5) : 5 + row / 2 % (distinct - 5)).ToArray();
            var table = TestTables.Make(
                new CodedColumn(new() { Name = "text", Kind = ColumnKind.Categorical }, codes, texts),
                TestTables.Numbers("n", ColumnKind.Integer, codes.Select(code => (double)Math.Min(code, 9))));
            using var model = AutoregressiveTests.Fit(table, steps: 5);
            var drawn = Methods.Draw(model, 500).Texts("text");
            Assert.AreEqual(0.5, drawn.Share(text => Array.IndexOf(texts, text) is >= 0 and < 5), 0.3, "all others are rare");
            Assert.IsTrue(drawn.All(text => text!.StartsWith("item ", StringComparison.Ordinal)), "and invented in their shapes");
            return model.Metrics["parameters"];
        }

        Assert.AreEqual(Parameters(10_000), Parameters(15_000));
    }

    [TestMethod]
    public void Parameters_grow_with_columns_and_no_faster()
    {
        double Parameters(int columns)
        {
            using var model = Methods.Fit("autoregressive", Wide(columns), options: [("steps", "2"), ("width", "64"), ("blocks", "2"), ("refine", "false")]);
            return model.Metrics["parameters"];
        }

        double few = Parameters(20), more = Parameters(40), many = Parameters(80);
        Assert.AreEqual(2 * (more - few), many - more, 0.05 * many);
    }

    [TestMethod]
    public void Few_rows_under_rules_are_drawn_in_small_blocks_however_many_may_be_needed()
    {
        var blocks = SampleBlock.Cut(rows: 200_000, expected: 1_000).ToList();
        Assert.AreEqual(200_000, blocks.Sum(block => block.Rows));
        Assert.AreEqual(2_048, blocks.Max(block => block.Rows));
        Assert.AreEqual(25_000, SampleBlock.Cut(200_000, 200_000).Max(block => block.Rows));
    }

    [TestMethod]
    public void Sums_by_groups_of_columns_are_the_sums_of_each_column()
    {
        var table = Wide(70);
        var codec = TableCodec.Fit(table, 1, protectRare: true);
        var tokens = new TokenLayout([.. codec.Modelled.Select(c => codec.Columns[c].Layout)]);
        using var scope = NewDisposeScope();
        using var sums = new ColumnSums(tokens, CPU);
        var random = new SeededStream(1, StreamPurpose.Codec, 3);
        var values = Enumerable.Range(0, 3 * tokens.CoarseTokens).Select(_ => (float)random.NextInt(100)).ToArray();
        var found = sums.Of(tensor(values).view(3, tokens.CoarseTokens)).data<float>().ToArray();
        var expected =
            from row in Enumerable.Range(0, 3)
            from c in Enumerable.Range(0, tokens.Count)
            select values.AsSpan(row * tokens.CoarseTokens + tokens.CoarseOffset[c], tokens.Columns[c].CoarseCount).ToArray().Sum();
        CollectionAssert.AreEqual(expected.ToArray(), found);
    }

    /// <summary>Numbers and categories in turn.</summary>
    private static Table Wide(int columns)
    {
        const int rows = 400;
        var random = new SeededStream(6, StreamPurpose.Codec, 9);
        return TestTables.Make([.. Enumerable.Range(0, columns).Select(c => c % 2 == 0
            ? (Column)TestTables.Numbers($"n{c}", ColumnKind.Decimal, Enumerable.Range(0, rows).Select(_ => random.NextGaussian()).ToArray())
            : TestTables.Coded($"t{c}", ColumnKind.Categorical, Enumerable.Range(0, rows).Select(_ => $"k{random.NextInt(6)}").ToArray()))]);
    }
}
