using System.Text;

namespace SynthStudio.Tabular.Tests.Durations;

[TestClass]
public sealed class DurationTests : FileTest
{
    [TestMethod]
    [DataRow("27:05:09|1:23:45|-0:00:01", "[h]:mm:ss", new[] { 97_509.0, 5_025, -1 })]
    [DataRow("27:05:09|01:23:45|100:00:00", "[hh]:mm:ss", new[] { 97_509.0, 5_025, 360_000 })]
    [DataRow("30:00:00.250|1:00:00.000", "[h]:mm:ss.fff", new[] { 108_000.25, 3_600 })]
    [DataRow("30:00:00.25|1:00:00", "[h]:mm:ss.FFFFFF", new[] { 108_000.25, 3_600 })]
    [DataRow("P3DT4H|PT0S|PT1M30.5S|-P1D", "PnDTnHnMnS", new[] { 273_600.0, 0, 90.5, -86_400 })]
    [DataRow("PT27H|PT45M", "PTnHnMnS", new[] { 97_200.0, 2_700 })]
    [DataRow("0 days 02:03:04|12 days 00:00:00", "d days hh:mm:ss", new[] { 7_384.0, 1_036_800 })]
    [DataRow("1.02:03:04|0.00:00:01", "d.hh:mm:ss", new[] { 93_784.0, 1 })]
    [DataRow("90 min|1 min|1200 min", "0 min", new[] { 5_400.0, 60, 72_000 })]
    [DataRow("1.5h|0.3h|2.0h", "0.0h", new[] { 5_400.0, 1_080, 7_200 })]
    [DataRow("1 day|3 days", "0 days", new[] { 86_400.0, 259_200 })]
    [DataRow("2 hours|0.25 hours", "0.## hours", new[] { 7_200.0, 900 })]
    public void Lengths_of_time_are_recognised_read_and_written_as_they_were(string texts, string format, double[] seconds)
    {
        var written = texts.Split('|');
        var table = Read(Lines(written));
        var column = table["v"];
        Assert.AreEqual(ColumnKind.Duration, column.Schema.Kind);
        Assert.AreEqual(format, column.Schema.Format);
        CollectionAssert.AreEqual(seconds, ((NumericColumn)column).Values);
        TableWriter.Write(table, PathOf("again.csv"));
        CollectionAssert.AreEqual(written, File.ReadAllLines(PathOf("again.csv"))[1..]);
    }

    [TestMethod]
    [DataRow("12:05:09|01:23:45", ColumnKind.Time)]
    [DataRow("5 m|7 m", ColumnKind.Categorical)]
    [DataRow("P1Y|P2M", ColumnKind.Categorical)]
    [DataRow("90 min|2 h", ColumnKind.Categorical)]
    [DataRow("27:65:09|1:23:45", ColumnKind.Categorical)]
    [DataRow("27:05:09|01:23", ColumnKind.Categorical)]
    [DataRow("P|T", ColumnKind.Categorical)]
    public void What_could_be_something_else_is_no_length_of_time(string texts, ColumnKind kind) =>
        Assert.AreEqual(kind, Read(Lines(texts.Split('|')))["v"].Schema.Kind);

    [TestMethod]
    public void A_name_tells_a_length_of_time_from_a_time_of_day() =>
        Assert.AreEqual(ColumnKind.Duration, Read("trip_duration\n01:23:45\n00:10:00\n")["trip_duration"].Schema.Kind);

    [TestMethod]
    public void A_declared_spelling_is_kept_and_anything_else_refused()
    {
        var schema = SchemaFile.Parse("""{"columns": {"v": {"kind": "duration", "format": "[m]:ss"}}}""");
        CollectionAssert.AreEqual(new double[] { 225, 6_000 }, ((NumericColumn)Read("v\n3:45\n100:00\n", schema)["v"]).Values);
        Assert.AreEqual(2, Refused(TableError.InvalidValue, () => Read("v\n3:45\n3:75\n", schema)).Row);
        Refused(TableError.InvalidSchema, () => SchemaFile.Parse("""{"columns": {"v": {"kind": "duration", "format": "mm-ss"}}}"""));
        Assert.AreEqual(schema.ToJson(), SchemaFile.Parse(schema.ToJson()).ToJson());
    }

    [TestMethod]
    public void Another_table_is_read_by_the_same_schema()
    {
        var schema = Read("v\n27:05:09\n1:23:45\n").Schema;
        Assert.AreEqual(7_200, ((NumericColumn)TableReader.ReadAs(Save("v\nPT2H\n"), schema)["v"]).Values[0]);
    }

    [TestMethod]
    public void Rules_and_formulas_take_lengths_of_time_in_their_spelling()
    {
        var table = Read("took\n27:05:09\n1:23:45\n");
        var rule = RowRule.Of(new RangeConstraint("long", "took", "1:00:00", "24:00:00"), table.Schema)!.BrokenIn(table);
        Assert.IsTrue(rule(0) && !rule(1));
        var formula = Expression.Parse("took > '2:00:00' and took > hours(2)").Over(table);
        Assert.IsTrue(formula.Number(0) == 1 && formula.Number(1) == 0);
    }

    [TestMethod]
    public void Every_whole_number_of_milliseconds_survives_writing_and_reading()
    {
        var random = new Random(5);
        Span<byte> buffer = new byte[64];
        foreach (var pattern in new[] { "[h]:mm:ss.fff", "[hh]:mm:ss.FFFFFF", "PnDTnHnMnS", "PTnHnMnS", "d days hh:mm:ss.fff" })
        {
            Assert.IsTrue(DurationFormats.TryParse(pattern, out var format), pattern);
            for (var i = 0; i < 2_000; i++)
            {
                var seconds = random.NextInt64(-2_000_000_000, 2_000_000_000) / 1000.0;
                var text = buffer[..format.Write(buffer, seconds)];
                Assert.IsTrue(format.TryRead(text, out var again), Encoding.UTF8.GetString(text));
                Assert.AreEqual(seconds, again, 1e-6, Encoding.UTF8.GetString(text));
            }
        }
    }
}
