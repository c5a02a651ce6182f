namespace SynthStudio.Tabular.Tests.Reading;

/// <summary>Moments of several offsets from UTC keep each its own.</summary>
[TestClass]
public sealed class OffsetTests : FileTest
{
    [TestMethod]
    [DataRow("2024-01-15T10:00:00+01:00", "2024-07-15T10:00:00+02:00", 60, 120, 1_705_309_200L)]
    [DataRow("2024-01-15T10:00:00Z", "2024-07-15T10:00:00+02:00", 0, 120, 1_705_312_800L)]
    [DataRow("2024-01-15 23:30:00-03:30", "2024-07-15 00:10:00+05:45", -210, 345, 1_705_374_000L)]
    [DataRow("2024-01-15 23:30:00-03", "2024-07-15 00:10:00+11", -180, 660, 1_705_372_200L)]
    [DataRow("15.01.2024 10:00 -05:00", "15.07.2024 10:00 -04:00", -300, -240, 1_705_330_800L)]
    public void They_are_read_and_written_as_they_were(string first, string second, int firstOffset, int secondOffset, long firstMoment)
    {
        var text = Lines([first, second, second]) + "\"\"\n";
        var table = Read(text);
        var column = (NumericColumn)table["v"];
        Assert.AreEqual(ColumnKind.DateTime, column.Schema.Kind);
        CollectionAssert.AreEqual(new[] { (short)firstOffset, (short)secondOffset, (short)secondOffset, (short)0 }, column.Offsets);
        Assert.AreEqual((double)firstMoment, column.Values[0]);
        TableWriter.Write(table, PathOf("again.csv"));
        Assert.AreEqual(text, File.ReadAllText(PathOf("again.csv")));
        CollectionAssert.AreEqual(new[] { (short)0, (short)firstOffset }, column.Take([3, 0]).Offsets);
    }

    [TestMethod]
    public void One_offset_for_all_is_part_of_the_format_and_none_is_put_beside()
    {
        var column = (NumericColumn)Read(Lines(["2024-01-15T10:00:00+01:00", "2024-02-15T10:00:00+01:00"]))["v"];
        Assert.IsNull(column.Offsets);
        Assert.EndsWith("'+01:00'", column.Schema.Format!);
        Assert.IsNull(((NumericColumn)Read(Lines(["2024-01-15T10:00:00Z", "2024-02-15T10:00:00Z"]))["v"]).Offsets);
    }

    [TestMethod]
    public void Another_table_with_one_offset_is_read_in_UTC_where_the_schema_is()
    {
        var schema = Read(Lines(["2024-01-15T10:00:00+01:00", "2024-07-15T10:00:00+02:00"])).Schema;
        var other = (NumericColumn)TableReader.ReadAs(Save(Lines(["2024-01-15T10:00:00+01:00", "2024-01-16T10:00:00+01:00"]), "other.csv"), schema)["v"];
        Assert.AreEqual(1_705_309_200, other.Values[0]);
        CollectionAssert.AreEqual(new short[] { 60, 60 }, other.Offsets);
    }

    [TestMethod]
    [DataRow("2024-01-15T10:00:00+01:00", "2024-07-15T10:00:00+02:00", DisplayName = "several offsets")]
    [DataRow("2024-01-15T09:00:00Z", "2024-07-15T08:00:00Z", DisplayName = "UTC")]
    [DataRow("2024-01-15T14:45:00+05:45", "2024-07-15T13:45:00+05:45", DisplayName = "another offset")]
    [DataRow("2024-01-15T10:00:00", "2024-07-15T09:00:00", DisplayName = "local times")]
    public void Another_table_is_read_in_the_one_offset_that_the_schema_has(string winter, string summer)
    {
        var schema = Read(Lines(["2024-01-01T00:00:00+01:00", "2024-01-02T00:00:00+01:00"])).Schema;
        var other = (NumericColumn)TableReader.ReadAs(Save(Lines([winter, summer]) + "\"\"\n", "other.csv"), schema)["v"];
        CollectionAssert.AreEqual(new[] { 1_705_309_200.0 + 3_600, 1_721_030_400.0 + 3_600, double.NaN }, other.Values);
        Assert.IsNull(other.Offsets);
        TableWriter.Write(new Table(schema, [other]), PathOf("again.csv"));
        Assert.AreEqual(Lines(["2024-01-15T10:00:00+01:00", "2024-07-15T09:00:00+01:00"]) + "\"\"\n", File.ReadAllText(PathOf("again.csv")));
    }

    [TestMethod]
    public void A_bound_with_its_own_offset_is_compared_as_the_moment_it_is()
    {
        var table = Read(Lines(["2024-01-15T10:00:00+01:00", "2024-01-15T10:30:00+01:00"]));
        var broken = RowRule.Of(new RangeConstraint("late", "v", "2024-01-15T09:15:00Z", null), table.Schema)!.BrokenIn(table);
        Assert.IsTrue(broken(0) && !broken(1));
        var local = RowRule.Of(new RangeConstraint("late", "v", "2024-01-15T10:15:00", null), table.Schema)!.BrokenIn(table);
        Assert.IsTrue(local(0) && !local(1));
    }

    [TestMethod]
    public void Local_time_at_the_ends_of_what_can_be_written_is_cut()
    {
        var column = new NumericColumn(
            new() { Name = "v", Kind = ColumnKind.DateTime, Format = "yyyy-MM-ddTHH:mm:sszzz" }, [253_402_300_799, -62_167_219_200])
        {
            Offsets = [60, -60],
        };
        TableWriter.Write(new Table(new TableSchema { Columns = [column.Schema] }, [column]), PathOf("ends.csv"));
        Assert.AreEqual("v\n9999-12-31T23:59:59+01:00\n0000-01-01T00:00:00-01:00\n", File.ReadAllText(PathOf("ends.csv")));
    }
}
