namespace SynthStudio.Tabular.Tests.Writing;

[TestClass]
public sealed class WrittenValuesTests
{
    private const double Day = 86_400;

    [TestMethod]
    [DataRow(ColumnKind.Integer, null, 37.5, 38)]
    [DataRow(ColumnKind.Date, null, 20_000.7 * Day, 20_000 * Day)]
    [DataRow(ColumnKind.Date, "dd.MM.yyyy", 20_000.7 * Day, 20_000 * Day)]
    [DataRow(ColumnKind.DateTime, "yyyy-MM-dd HH:mm", (20_000 * Day) + 119, (20_000 * Day) + 60)]
    [DataRow(ColumnKind.Time, "HH:mm", 59, 0)]
    [DataRow(ColumnKind.Duration, "[h]:mm", 100_019, 100_020)]
    [DataRow(ColumnKind.Date, "yyyy-MM-dd", double.NaN, double.NaN)]
    public void A_value_is_what_is_read_back(ColumnKind kind, string? format, double value, double expected) =>
        Assert.AreEqual(expected, new WrittenValues(new() { Name = "c", Kind = kind, Format = format }).Of(value));

    [TestMethod]
    public void Decimals_are_rounded_to_their_places()
    {
        Assert.AreEqual(12.35, new WrittenValues(new() { Name = "c", Kind = ColumnKind.Decimal, DecimalPlaces = 2 }).Of(12.3456));
        Assert.AreEqual(12.3456, new WrittenValues(new() { Name = "c", Kind = ColumnKind.Decimal }).Of(12.3456));
    }

    [TestMethod]
    [DataRow(ColumnKind.Date, null, 20_000.7 * Day, 20_000.1 * Day, 20_001 * Day)]
    [DataRow(ColumnKind.Date, null, 20_000.3 * Day, 19_999.5 * Day, 20_000 * Day)]
    [DataRow(ColumnKind.Date, null, 20_000 * Day, 20_000 * Day, 20_000 * Day)]
    [DataRow(ColumnKind.Date, "yyyy-MM", 19_730.5 * Day, 19_730 * Day, 19_754 * Day)]
    [DataRow(ColumnKind.Time, "HH:mm", 601, 600.5, 660)]
    [DataRow(ColumnKind.Time, "HH:mm", 86_370, 86_350, 86_340)]
    [DataRow(ColumnKind.Duration, "[h]:mm", 100_001, 100_001, 100_020)]
    public void The_next_value_that_can_be_written_is_not_below_the_least_one(ColumnKind kind, string? format, double value, double least, double expected) =>
        Assert.AreEqual(expected, new WrittenValues(new() { Name = "c", Kind = kind, Format = format }).NotBelow(value, least));
}
