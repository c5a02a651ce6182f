using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Encoding;

/// <summary>Keys that refer to persons with several rows each: invented ones, as often repeated, none of them real.</summary>
[TestClass]
public sealed class RepeatedKeyTests
{
    private static readonly SeededStream Random = new(3, StreamPurpose.Codec, 77);

    [TestMethod]
    [DataRow("{0}")]
    [DataRow("CUST-{0:00000}")]
    public void Keys_that_repeat_are_invented_one_by_one_and_repeat_as_often(string pattern)
    {
        string Key(int number) => string.Format(System.Globalization.CultureInfo.InvariantCulture, pattern, 1_000 + number);
        var source = Enumerable.Range(0, 500).SelectMany(person => Enumerable.Repeat(Key(person), person % 4 == 0 ? 20 : 2)).ToArray();
        using var model = Methods.Fit("independent", Table(source));
        using var package = AutoregressiveTests.Save(model);
        using var loaded = Synthesizers.Load(package, Device.Cpu);
        var drawn = Methods.Draw(loaded, source.Length).Texts("id").OfType<string>().ToArray();
        Assert.IsEmpty(drawn.Intersect(source));
        var counts = drawn.CountBy(key => key).Select(key => key.Value).ToList();
        Assert.IsInRange(440, 560, counts.Count);
        Assert.IsLessThanOrEqualTo(1, counts.Count(rows => rows is not (2 or 20)), "All but the last have as many rows as one of the source.");
        Assert.AreEqual(0.25, counts.Share(rows => rows == 20), 0.06);
    }

    [TestMethod]
    public void Chunks_are_the_sample_they_are_cut_from()
    {
        using var model = Methods.Fit("independent", Table([.. Enumerable.Range(0, 900).Select(i => $"K{i / 3:0000}")]));
        var whole = Methods.Draw(model, 2_000).Texts("id");
        var parts = model.Sample(new SampleRequest { Rows = 2_000, Seed = 1, ChunkRows = 170, FirstChunkRows = 31 }, CancellationToken.None);
        CollectionAssert.AreEqual(whole, parts.SelectMany(part => part.Texts("id")).ToArray());
    }

    [TestMethod]
    public void One_key_ends_where_a_page_ends_and_none_comes_back()
    {
        var repeats = new KeyRepeats([new KeyGroup(7.5, 10)]);
        var numbers = repeats.Numbers(0, 2 * KeyRepeats.PageRows, 5);
        CollectionAssert.AreEqual(numbers, numbers.Order().ToArray());
        Assert.AreEqual(7.5, numbers.CountBy(number => number).Average(key => key.Value), 0.05);
        CollectionAssert.AreEqual(numbers[(KeyRepeats.PageRows - 9)..(KeyRepeats.PageRows + 9)], repeats.Numbers(KeyRepeats.PageRows - 9, 18, 5));
    }

    [TestMethod]
    public void How_often_one_key_occurs_is_not_told()
    {
        var rows = Enumerable.Repeat(3L, 200).Concat([9_001L, 4L, 5L]).ToArray();
        var groups = KeyRepeats.Of(rows, threshold: 5, "id")!.Groups;
        Assert.AreEqual(rows.Length, groups.Sum(group => group.Keys));
        Assert.AreEqual(rows.Sum(), groups.Sum(group => group.Rows * group.Keys), 1e-6);
        Assert.IsTrue(groups.All(group => group.Keys >= 5 && group.Rows < 9_001));
        Assert.IsNull(KeyRepeats.Of([.. Enumerable.Repeat(1L, 400), 2L], threshold: 5, "id"), "A slip is no repeat.");
    }

    [TestMethod]
    public void Keys_that_must_be_unique_do_not_repeat()
    {
        var table = Table([.. Enumerable.Range(0, 600).Select(i => $"K{i / 3:0000}")]);
        table = new Table(table.Schema with { Constraints = [new UniqueConstraint("one", ["id"])] }, table.Columns);
        using var model = Methods.Fit("independent", table);
        Assert.HasCount(700, Methods.Draw(model, 700).Texts("id").Distinct());
    }

    [TestMethod]
    public void Keys_that_are_unique_only_with_another_column_repeat()
    {
        string[] keys = [.. Enumerable.Range(0, 900).Select(i => $"ORD-{i / 3:0000}")];
        var lines = TestTables.Numbers("line", ColumnKind.Integer, Enumerable.Range(0, 900).Select(i => 1.0 + (i % 3)));
        var table = TestTables.Make([.. Table(keys).Columns, lines]);
        using var model = Methods.Fit("independent", new Table(table.Schema with { Constraints = [new UniqueConstraint("lines", ["id", "line"])] }, table.Columns));
        var drawn = Methods.Draw(model, 600);
        Assert.HasCount(600, drawn.Texts("id").Zip(drawn.Values("line")).Distinct());

        // Three rows an order; of three lines drawn at random two are distinct on average.
        Assert.IsInRange(200, 340, drawn.Texts("id").Distinct().Count());
    }

    [TestMethod]
    public void Keys_that_became_unique_repeat_no_longer_when_a_model_learns_on()
    {
        var table = Table([.. Enumerable.Range(0, 600).Select(i => $"K{i / 3:0000}")]);
        var codec = TableCodec.Fit(table, 1, protectRare: true);
        var ruled = new Table(table.Schema with { Constraints = [new UniqueConstraint("one", ["id"])] }, table.Columns);
        Assert.IsNotNull(Keys(codec.KeepingClearOf(new KeyRows(table, null, null, CancellationToken.None))).Repeats);
        Assert.IsNull(Keys(codec.KeepingClearOf(new KeyRows(ruled, null, null, CancellationToken.None))).Repeats);

        static IdentifierCodec Keys(TableCodec codec) => codec.Columns.OfType<IdentifierCodec>().Single();
    }

    [TestMethod]
    public void Repeats_are_those_of_all_rows_however_many_keys_there_are()
    {
        var counts = new KeyCounts();
        for (var part = 0; part < 4; part++)
            counts.Add(new CodedColumn(
                new() { Name = "id", Kind = ColumnKind.Identifier },
                [.. Enumerable.Range(0, 200_000), CodedColumn.Missing],
                [.. Enumerable.Range(0, 200_000).Select(i => $"{i}")]));
        Assert.IsInRange(20_000, 66_000, counts.PerKey().Count);
        Assert.IsTrue(counts.PerKey().All(rows => rows == 4));
    }

    [TestMethod]
    public void Digits_are_added_before_what_all_keys_end_with()
    {
        var codec = LearnedKeys.Of(TestTables.Coded("id", ColumnKind.Identifier, Enumerable.Range(100, 900).Select(i => $"{i}.0")), threshold: 5);
        var drawn = (CodedColumn)codec.Decode(new ushort[3_000], Random, 0, 1);
        Assert.HasCount(3_000, drawn.Values.Distinct());
        Assert.IsTrue(drawn.Values.All(
            key => key.EndsWith(".0", StringComparison.Ordinal)
                && double.Parse(key, System.Globalization.CultureInfo.InvariantCulture) >= 1_000));
    }

    private static Table Table(string[] keys) => TestTables.Make(
        TestTables.Coded("id", ColumnKind.Identifier, keys), TestTables.Coded("c", ColumnKind.Categorical, keys.Select((_, i) => i % 3 == 0 ? "a" : "b")));
}
