using System.Globalization;

namespace SynthStudio.Tabular.Tests.Schema;

[TestClass]
public sealed class ClassTests : FileTest
{
    [TestMethod]
    [DataRow("contact", "person{0}@example.org", ValueClass.Email)]
    [DataRow("tel", "+43 660 55{0:000}21", ValueClass.Phone)]
    [DataRow("ip", "10.0.{0}.7", ValueClass.IpAddress)]
    [DataRow("note", "order {0} from person{0}@example.org", null)]
    [DataRow("key", "K-{0:0000}", null)]
    public void A_class_is_recognised_by_values(string name, string pattern, ValueClass? expected)
    {
        var column = Infer(name, Enumerable.Range(0, 200).Select(i => string.Format(CultureInfo.InvariantCulture, pattern, i)));
        Assert.AreEqual(expected, column.Class);
        if (expected is not null) Assert.IsTrue(column.Kind is ColumnKind.Text or ColumnKind.Identifier);
    }

    [TestMethod]
    [DataRow("first_name", ValueClass.FirstName)]
    [DataRow("customerName", ValueClass.FullName)]
    [DataRow("Street", ValueClass.Street)]
    [DataRow("billing_street_2", ValueClass.Street)]
    [DataRow("customer_company", ValueClass.Company)]
    [DataRow("company_location", null)]
    [DataRow("address_country", null)]
    [DataRow("street_type", null)]
    [DataRow("breed", null)]
    public void A_class_is_recognised_by_the_name_of_a_column_of_many_words(string name, ValueClass? expected)
    {
        string[] syllables = ["an", "bo", "ce", "di", "el", "fa", "go"];
        var words = Enumerable.Range(0, 343).Select(i => $"{syllables[i % 7]}{syllables[i / 7 % 7]} {syllables[i / 49]}");
        Assert.AreEqual(expected, Infer(name, words).Class);
    }

    [TestMethod]
    public void Few_values_are_categories_whatever_the_column_is_called() =>
        Assert.AreEqual(ColumnKind.Categorical, Infer("street", Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? "High Street" : "Low Street")).Kind);

    [TestMethod]
    public void A_declared_class_counts_and_is_written_again()
    {
        var schema = SchemaFile.Parse("""{"columns": {"v": {"kind": "text", "class": "full_name"}}}""");
        Assert.AreEqual(ValueClass.FullName, Read(Lines(["a", "b"]), schema).Schema.Columns[0].Class);
        StringAssert.Contains(schema.ToJson(), "\"class\": \"full_name\"");
        Refused(TableError.InvalidSchema, () => SchemaFile.Parse("""{"columns": {"v": {"kind": "text", "class": "nickname"}}}"""));
        Refused(TableError.InvalidSchema, () => SchemaFile.Parse("""{"columns": {"v": {"kind": "integer", "class": "email"}}}"""));
    }

    [TestMethod]
    public void A_locale_belongs_to_a_class_that_is_invented_and_is_written_again()
    {
        var schema = SchemaFile.Parse("""{"columns": {"v": {"kind": "text", "class": "full_name", "locale": "de_AT"}}}""");
        var read = Read(Lines(["a", "b"]), schema).Schema;
        Assert.AreEqual(("de_AT", "de_AT"), (read.Columns[0].Locale, read.Domains["v"].Schema("v").Locale));
        Assert.AreEqual(schema.Columns[0].Locale, SchemaFile.Parse(SchemaFile.From(read).ToJson()).Columns[0].Locale);
        Refused(TableError.InvalidSchema, () => SchemaFile.Parse("""{"columns": {"v": {"kind": "text", "locale": "de_AT"}}}"""));
        Refused(TableError.InvalidSchema, () => SchemaFile.Parse("""{"columns": {"v": {"kind": "text", "class": "phone", "locale": "de_AT"}}}"""));
    }

    [TestMethod]
    [DataRow("""{{"a": {0}}}""")]
    [DataRow("[{0}, 2]")]
    [DataRow("['x{0}']")]
    public void Cells_with_objects_or_lists_are_refused_with_a_way_out(string pattern)
    {
        var lines = "v\n" + string.Join("\n", Enumerable.Range(0, 30).Select(i => $"\"{string.Format(CultureInfo.InvariantCulture, pattern, i).Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + "\n";
        var error = Refused(TableError.NestedValue, () => Read(lines));
        Assert.AreEqual("v", error.Column);
        StringAssert.Contains(error.Message, "ignored");
        Assert.AreEqual(ColumnKind.Text, Read(lines, SchemaFile.Parse("""{"columns": {"v": "text"}}""")).Schema.Columns[0].Kind);
    }

    [TestMethod]
    [DataRow("""{"a": 1}""", 2, true)]
    [DataRow("[1, 2]", 2, true)]
    [DataRow("""["x"]""", 2, true)]
    [DataRow("""{"a": 1}""", 1, false)]
    [DataRow("[redacted]", 2, false)]
    [DataRow("[1]", 2, false)]
    [DataRow("{}", 2, false)]
    [DataRow("{a}", 2, false)]
    public void A_few_cells_with_objects_or_lists_are_no_slip_but_one_may_be(string cell, int times, bool refused)
    {
        var quoted = $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        var lines = "v\n" + string.Join("\n", Enumerable.Range(0, 200).Select(i => i < times ? quoted : $"w{i % 10}")) + "\n";
        if (refused) Assert.AreEqual("v", Refused(TableError.NestedValue, () => Read(lines)).Column);
        else Assert.AreEqual(ColumnKind.Categorical, Read(lines).Schema.Columns[0].Kind);
        Assert.AreEqual(ColumnKind.Text, Read(lines, SchemaFile.Parse("""{"columns": {"v": "text"}}""")).Schema.Columns[0].Kind);
    }

    [TestMethod]
    public void Brackets_alone_are_no_list() => Assert.AreEqual(
        ColumnKind.Categorical,
        Read(Lines(Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? "[redacted]" : "[open]"))).Schema.Columns[0].Kind);

    [TestMethod]
    [DataRow("2024-05-0{0}T10:30:00+02:00")]
    [DataRow("2024-05-0{0} 10:30:00 -0730")]
    [DataRow("2024-05-0{0} 10:30:00+05")]
    [DataRow("2024-05-0{0}T10:30:00Z")]
    [DataRow("2024-05-0{0}T10:30:00+00:00")]
    public void A_time_zone_is_kept_as_it_was_spelled(string pattern)
    {
        var texts = Enumerable.Range(1, 9).Select(i => string.Format(CultureInfo.InvariantCulture, pattern, i)).ToList();
        var table = Read(Lines(texts));
        Assert.AreEqual(ColumnKind.DateTime, table.Schema.Columns[0].Kind);
        using var written = new MemoryStream();
        using (var writer = new TableWriter(written, table.Schema)) writer.Write(table);
        Assert.AreEqual(Lines(texts), System.Text.Encoding.UTF8.GetString(written.ToArray()));
        var again = SchemaFile.Parse(SchemaFile.From(table.Schema).ToJson());
        Assert.AreEqual(((NumericColumn)table.Columns[0]).Values[3], ((NumericColumn)Read(Lines(texts), again).Columns[0]).Values[3]);
    }

    [TestMethod]
    public void Moments_of_several_time_zones_are_one_scale() => CollectionAssert.AreEqual(
        new double[] { 1714552200, 1714552200 }, ((NumericColumn)Read(Lines(["2024-05-01T10:30:00+02:00", "2024-05-01T08:30:00+00:00"])).Columns[0]).Values);

    private ColumnSchema Infer(string name, IEnumerable<string> values) => Read($"{name}\n{string.Join("\n", values)}\n").Schema.Columns[0];
}
