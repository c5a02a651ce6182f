namespace SynthStudio.Tabular.Tests.Schema;

[TestClass]
public sealed class OrderTests : FileTest
{
    private const string Rows = "size,other\nlow,high\nhigh,mid\n,low\nmid,mid\n";

    private static readonly SchemaFile Declared = SchemaFile.Parse(
        """{"columns": {"size": {"kind": "categorical", "order": ["low", "mid", "high"]}, "other": {"kind": "categorical", "order": ["low", "mid", "high"]}}}""");

    [TestMethod]
    public void Ordered_categories_are_places_in_their_order_and_written_as_they_were()
    {
        var table = Read(Rows, Declared);
        Assert.AreEqual(ColumnKind.Ordinal, table["size"].Schema.Kind);
        CollectionAssert.AreEqual(new[] { 0, 2, double.NaN, 1 }, ((NumericColumn)table["size"]).Values);
        TableWriter.Write(table, PathOf("again.csv"));
        Assert.AreEqual(Rows, File.ReadAllText(PathOf("again.csv")));
    }

    [TestMethod]
    public void A_schema_with_an_order_says_the_same_after_writing_and_reading()
    {
        var table = Read(Rows, Declared);
        var again = SchemaFile.Parse(SchemaFile.From(table.Schema).ToJson());
        CollectionAssert.AreEqual(table.Schema.Columns.ToArray(), Read(Rows, again).Schema.Columns.ToArray());
    }

    [TestMethod]
    public void A_category_beyond_the_order_is_refused_by_row()
    {
        var refusal = Refused(TableError.InvalidValue, () => Read(Rows + "huge,low\n", Declared));
        Assert.AreEqual(5, refusal.Row);
        StringAssert.Contains(refusal.Message, "low < mid < high");
    }

    [TestMethod]
    [DataRow("""{"kind": "text", "order": ["a", "b"]}""")]
    [DataRow("""{"kind": "categorical", "order": ["a"]}""")]
    [DataRow("""{"kind": "categorical", "order": ["a", "a"]}""")]
    [DataRow("""{"kind": "categorical", "order": [1, 2]}""")]
    [DataRow("""{"kind": "categorical", "order": "a < b"}""")]
    public void An_order_that_is_none_is_refused(string column) =>
        Assert.AreEqual("v", Refused(TableError.InvalidSchema, () => SchemaFile.Parse("""{"columns": {"v": """ + column + "}}")).Column);

    [TestMethod]
    public void Rules_and_formulas_compare_by_the_order()
    {
        var table = Read(Rows, Declared);
        var range = RowRule.Of(new RangeConstraint("r", "size", "mid", null), table.Schema)!.BrokenIn(table);
        CollectionAssert.AreEqual(new[] { true, false, false, false }, Enumerable.Range(0, 4).Select(range).ToArray());
        var inequality = RowRule.Of(new InequalityConstraint("i", "size", "other", Strict: false), table.Schema)!.BrokenIn(table);
        CollectionAssert.AreEqual(new[] { false, true, false, false }, Enumerable.Range(0, 4).Select(inequality).ToArray());
        var formula = Expression.Parse("size >= 'mid' and size != 'high'").Over(table);
        CollectionAssert.AreEqual(new double[] { 0, 0, double.NaN, 1 }, Enumerable.Range(0, 4).Select(formula.Number).ToArray());
        Assert.ThrowsExactly<TableException>(() => RowRule.Of(new RangeConstraint("r", "size", "huge", null), table.Schema));
    }

    [TestMethod]
    public void A_profile_shows_the_order_and_the_outermost_categories()
    {
        var profile = Profiler.Profile(Save(Rows), schema: Declared).Columns[0];
        Assert.AreEqual(ColumnKind.Ordinal, profile.Kind);
        Assert.AreEqual("low < mid < high", profile.Order!.ToString());
        Assert.AreEqual("low", profile.Numbers!.MinimumText);
        Assert.AreEqual("high", profile.Numbers.MaximumText);
        Assert.AreEqual(1, profile.Missing);
    }
}
