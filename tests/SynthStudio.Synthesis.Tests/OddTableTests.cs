using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests;

[TestClass]
public sealed class OddTableTests
{
    [TestMethod]
    public void One_row_is_too_few() => Refuses(TestTables.Shop(1), SynthesisError.TooFewRows);

    [TestMethod]
    public void A_constant_table_has_nothing_to_learn() => Refuses(
        TestTables.Make(TestTables.Numbers("n", ColumnKind.Integer, Enumerable.Repeat(3.0, 50))), SynthesisError.NothingToLearn);

    [TestMethod]
    public void One_column_is_enough()
    {
        var table = TestTables.Make(TestTables.Numbers("n", ColumnKind.Integer, Enumerable.Range(0, 500).Select(i => (double)(i % 4))));
        var drawn = ((NumericColumn)Sample(table, 2_000).Columns[0]).Values;
        for (var value = 0; value < 4; value++) Assert.AreEqual(500, drawn.Count(v => v == value), 120);
    }

    [TestMethod]
    public void Twenty_rows_work()
    {
        var drawn = Sample(TestTables.Shop(20), 100);
        Assert.AreEqual(100, drawn.RowCount);
    }

    [TestMethod]
    public void Constant_missing_identifier_text_and_ignored_columns_come_along()
    {
        const int rows = 300;
        var table = TestTables.Make(
            TestTables.Coded("id", ColumnKind.Identifier, Enumerable.Range(0, rows).Select(i => $"{i:D5}")),
            TestTables.Numbers("same", ColumnKind.Integer, Enumerable.Repeat(42.0, rows)),
            TestTables.Numbers("nothing", ColumnKind.Decimal, Enumerable.Repeat(double.NaN, rows)),
            TestTables.Coded("none", ColumnKind.Categorical, Enumerable.Repeat<string?>(null, rows)),
            TestTables.Coded("note", ColumnKind.Text, Enumerable.Range(0, rows).Select(i => i % 2 == 0 ? null : $"the note number {i}")),
            TestTables.Coded("skip", ColumnKind.Ignored, Enumerable.Range(0, rows).Select(i => $"{i}")),
            TestTables.Coded("all_rare", ColumnKind.Categorical, Enumerable.Range(0, rows).Select(i => $"v{i}")),
            TestTables.Coded("kind", ColumnKind.Categorical, Enumerable.Range(0, rows).Select(i => i % 2 == 0 ? "a" : "b")));
        var drawn = Sample(table, 1_000);
        CollectionAssert.AreEqual(
            new[] { "id", "same", "nothing", "none", "note", "all_rare", "kind" }, drawn.Schema.Columns.Select(c => c.Name).ToArray());
        Assert.HasCount(1_000, Enumerable.Range(0, 1_000).Select(row => ((CodedColumn)drawn["id"]).Text(row)).Distinct());
        Assert.IsTrue(Array.TrueForAll(((NumericColumn)drawn["same"]).Values, v => v == 42));
        Assert.AreEqual(1_000, Enumerable.Range(0, 1_000).Count(row => drawn["nothing"].IsMissing(row) && drawn["none"].IsMissing(row)));
        var wrong = Enumerable.Range(0, 1_000).Count(row => drawn["note"].IsMissing(row) != (((CodedColumn)drawn["kind"]).Text(row) == "a"));
        Assert.IsLessThan(60, wrong);
        Assert.IsFalse(Enumerable.Range(0, 1_000).Any(
            row => ((CodedColumn)drawn["all_rare"]).Text(row)!.StartsWith('v')
                && int.TryParse(((CodedColumn)drawn["all_rare"]).Text(row)![1..], out _)));
    }

    [TestMethod]
    public void A_hundred_thousand_categories_do_not_blow_up()
    {
        var random = new Randomness.SeededStream(1, Randomness.StreamPurpose.Codec, 9);
        var table = TestTables.Make(
            TestTables.Numbers("x", ColumnKind.Integer, Enumerable.Range(0, 40_000).Select(i => (double)(i % 7))),
            new CodedColumn(
                new() { Name = "code", Kind = ColumnKind.Categorical },
                [.. Enumerable.Range(0, 40_000).Select(i => i < 20_000 ? i : random.NextInt(20))],
                [.. Enumerable.Range(0, 100_000).Select(i => $"k{i}")]));
        var drawn = Sample(table, 1_000);
        var frequent = Enumerable.Range(0, 20).Select(i => $"k{i}").ToHashSet();
        Assert.AreEqual(0.5, drawn.Texts("code").Share(text => frequent.Contains(text!)), 0.1, "As many rows as before have one of the frequent ones.");
    }

    private static Table Sample(Table table, int rows)
    {
        using var model = AutoregressiveTests.Fit(table, steps: 300);
        return model.Sample(new SampleRequest { Rows = rows, ChunkRows = rows, FirstChunkRows = rows }, CancellationToken.None).Single();
    }

    private static void Refuses(Table table, SynthesisError expected)
    {
        var error = Assert.ThrowsExactly<SynthesisException>(() => AutoregressiveTests.Fit(table, steps: 10));
        Assert.AreEqual(expected, error.Error);
    }
}
