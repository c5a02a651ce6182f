using System.Globalization;

namespace SynthStudio.Tabular.Tests.Reading;

[TestClass]
public sealed class TableFileTests : FileTest
{
    private const int Rows = 20_000;

    private static readonly string Text = "n,day,word\n" + string.Concat(Enumerable.Range(0, Rows).Select(i =>
        string.Create(CultureInfo.InvariantCulture, $"{i / 10.0:0.0},{1 + (i % 28):00}.{1 + (i / 28 % 12):00}.2020,{(i % 7 == 0 ? "" : $"w{i % 13}")}\n")));

    [TestMethod]
    public void Chunks_hold_the_rows_of_the_whole_table_in_order()
    {
        using var file = TableFile.Open(Save(Text));
        var whole = file.Read(CancellationToken.None);
        Assert.AreEqual(Rows, file.CountRows(CancellationToken.None));
        var chunks = file.Chunks(whole.Schema, CancellationToken.None, 4_096).ToList();
        Assert.IsGreaterThan(3, chunks.Count);
        Assert.IsTrue(chunks.TrueForAll(chunk => chunk.RowCount <= 4_096));
        CollectionAssert.AreEqual(((NumericColumn)whole["n"]).Values, chunks.SelectMany(c => ((NumericColumn)c["n"]).Values).ToArray());
        CollectionAssert.AreEqual(((NumericColumn)whole["day"]).Values, chunks.SelectMany(c => ((NumericColumn)c["day"]).Values).ToArray());
        CollectionAssert.AreEqual(Words([whole]), Words(chunks));
    }

    [TestMethod]
    public void A_sample_has_the_rows_wanted_each_once_from_everywhere_and_again_by_its_seed()
    {
        using var file = TableFile.Open(Save(Text));
        double[] Drawn(int seed) => ((NumericColumn)file.Sample(1_000, seed, CancellationToken.None)["n"]).Values;
        var values = Drawn(1);
        Assert.HasCount(1_000, values.Distinct());
        CollectionAssert.AreEqual(values.Order().ToArray(), values);
        CollectionAssert.AreEqual(values, Drawn(1));
        CollectionAssert.AreNotEqual(values, Drawn(2));
        // Ten equal parts of the file give a hundred rows each, give or take five standard deviations.
        foreach (var part in values.GroupBy(v => (int)(v / (Rows / 100.0)))) Assert.AreEqual(100, part.Count(), 5 * Math.Sqrt(90));
        Assert.AreEqual(Rows, file.Sample(Rows + 1, 1, CancellationToken.None).RowCount);
    }

    [TestMethod]
    public void Days_are_read_in_every_chunk_as_the_sample_showed()
    {
        // Up to the twelfth, day and month could be exchanged.
        var lines = Enumerable.Range(0, 6_000).Select(i => i < 5_000 ? $"{1 + (i % 12):00}/{1 + (i % 11):00}/2020" : "01/28/2020");
        using var file = TableFile.Open(Save(Lines(lines)));
        var whole = file.Read(CancellationToken.None);
        CollectionAssert.AreEqual(
            ((NumericColumn)whole["v"]).Values,
            file.Chunks(whole.Schema, CancellationToken.None, 2_048).SelectMany(c => ((NumericColumn)c["v"]).Values).ToArray());
    }

    [TestMethod]
    public void A_value_that_the_sample_did_not_show_is_refused_by_its_row_in_the_file()
    {
        using var file = TableFile.Open(Save(Lines(Enumerable.Range(0, 9_000).Select(i => i == 8_000 ? "x" : $"{i}"))));
        var schema = new TableSchema { Columns = [new ColumnSchema { Name = "v", Kind = ColumnKind.Integer }] };
        var refusal = Refused(TableError.InvalidValue, () => Assert.IsEmpty(file.Chunks(schema, CancellationToken.None, 2_048)));
        Assert.AreEqual(8_001, refusal.Row);
    }

    [TestMethod]
    [DataRow("n/a?", ColumnKind.Categorical)]
    [DataRow("2.25", ColumnKind.Decimal)]
    [DataRow("007", ColumnKind.Categorical)]
    public void A_sample_has_the_kinds_of_the_whole(string odd, ColumnKind expected)
    {
        using var file = TableFile.Open(Save(Lines(Enumerable.Range(0, 9_000).Select(i => i == 8_000 ? odd : $"{i % 100}"))));
        var sample = file.Sample(50, 1, CancellationToken.None);
        var (found, whole) = (sample.Schema.Columns[0], file.Read(CancellationToken.None).Schema.Columns[0]);
        Assert.AreEqual((expected, whole.DecimalPlaces, whole.Nullable), (found.Kind, found.DecimalPlaces, found.Nullable));
        Assert.AreEqual(expected, whole.Kind);
        Assert.AreEqual(9_000, file.Chunks(sample.Schema, CancellationToken.None, 2_048).Sum(chunk => chunk.RowCount));
        if (sample["v"] is CodedColumn texts) CollectionAssert.DoesNotContain(texts.Values, odd);
    }

    [TestMethod]
    public void Days_are_read_in_the_sample_as_in_the_whole_and_what_is_missing_anywhere_may_be_missing()
    {
        // Up to the twelfth, day and month could be exchanged: one row in the end tells.
        var lines = Enumerable.Range(0, 6_000).Select(i => i switch { 5_990 => "01/28/2020", 5_991 => "NA", _ => $"{1 + (i % 12):00}/{1 + (i % 11):00}/2020" });
        using var file = TableFile.Open(Save(Lines(lines)));
        var column = file.Sample(40, 1, CancellationToken.None).Schema.Columns[0];
        Assert.AreEqual(file.Read(CancellationToken.None).Schema.Columns[0], column);
        Assert.IsTrue(column.Nullable);
    }

    [TestMethod]
    public void A_value_against_its_declaration_is_found_while_the_sample_is_drawn()
    {
        var schema = SchemaFile.Parse("""{"columns": {"v": "integer"}}""");
        var path = Save(Lines(Enumerable.Range(0, 9_000).Select(i => i == 8_000 ? "x" : $"{i}")));
        using var file = TableFile.Open(path, schema: schema);
        Assert.AreEqual(8_001, Refused(TableError.InvalidValue, () => file.Sample(50, 1, CancellationToken.None)).Row);
        using var lenient = TableFile.Open(path, schema: schema, options: new ReadOptions { InvalidValuesAreMissing = true });
        Assert.AreEqual(ColumnKind.Integer, lenient.Sample(50, 1, CancellationToken.None).Schema.Columns[0].Kind);
    }

    private static string?[] Words(IEnumerable<Table> tables) =>
        [.. tables.SelectMany(t => Enumerable.Range(0, t.RowCount).Select(row => ((CodedColumn)t["word"]).Text(row)))];
}
