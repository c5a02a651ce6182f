using SynthStudio.Synthesis.Operations;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Constraints;

/// <summary>What begins before it ends does so in the file too, where one is written more precisely than the other.</summary>
[TestClass]
public sealed class MixedSpellingTests
{
    private const int Rows = 1_000;
    private const double Day = 86_400;

    [TestMethod]
    public void A_day_is_not_before_its_moment()
    {
        var random = new SeededStream(1, StreamPurpose.Codec, 701);
        var created = Enumerable.Range(0, Rows).Select(_ => 1_600_000_000.0 + random.NextInt(20_000_000)).ToArray();
        var back = WrittenAndRead(
            new NumericColumn(new() { Name = "low", Kind = ColumnKind.DateTime, Format = "yyyy-MM-dd HH:mm:ss" }, created),
            new NumericColumn(
                new() { Name = "high", Kind = ColumnKind.Date },
                [.. created.Select(moment => (Math.Ceiling(moment / Day) + random.NextInt(2)) * Day)]));
        Assert.AreEqual(ColumnKind.Date, back["high"].Schema.Kind);
        Check(back);

        // As near as they were, not a day later for having been cut.
        Assert.AreEqual(Day, back.Values("high").Zip(back.Values("low"), (high, low) => high - low).Average(), 0.2 * Day);
    }

    [TestMethod]
    public void A_minute_is_not_before_its_second()
    {
        var random = new SeededStream(1, StreamPurpose.Codec, 702);
        var opens = Enumerable.Range(0, Rows).Select(_ => (double)random.NextInt(86_000)).ToArray();
        Check(WrittenAndRead(
            new NumericColumn(new() { Name = "low", Kind = ColumnKind.Time, Format = "HH:mm:ss" }, opens),
            new NumericColumn(
                new() { Name = "high", Kind = ColumnKind.Time, Format = "HH:mm" },
                [.. opens.Select(time => Math.Min((Math.Ceiling(time / 60) + random.NextInt(2)) * 60, 86_340))])));
    }

    [TestMethod]
    public void A_filled_day_is_not_before_a_moment_that_was_filled_to_fit_another()
    {
        // Each low is drawn to fit its known end, which moves it away from the high that was drawn with it.
        var random = new SeededStream(1, StreamPurpose.Codec, 703);
        var created = Enumerable.Range(0, Rows).Select(_ => 1_600_000_000.0 + random.NextInt(20_000_000)).ToArray();
        var table = TestTables.Make(
            new NumericColumn(new() { Name = "low", Kind = ColumnKind.DateTime, Format = "yyyy-MM-dd HH:mm:ss" }, created),
            new NumericColumn(
                new() { Name = "end", Kind = ColumnKind.DateTime, Format = "yyyy-MM-dd HH:mm:ss" },
                [.. created.Select(moment => moment + 600 + random.NextInt(600))]),
            new NumericColumn(
                new() { Name = "high", Kind = ColumnKind.Date, Format = "yyyy-MM-dd" },
                [.. created.Select(moment => (Math.Ceiling(moment / Day) + random.NextInt(2)) * Day)]));
        table = new Table(
            table.Schema with
            {
                Constraints =
                [
                    new InequalityConstraint("ends", "low", "end", Strict: false),
                    new InequalityConstraint("in order", "low", "high", Strict: false),
                ],
            },
            table.Columns);
        using var model = AutoregressiveTests.Fit(table, steps: 200);
        double[] nothing = [.. Enumerable.Repeat(double.NaN, Rows)];
        var filled = model.Require<IImputer>().Impute(
            new Table(
                table.Schema,
                [new NumericColumn(table["low"].Schema, nothing), table["end"], new NumericColumn(table["high"].Schema, nothing)]),
            1, CancellationToken.None);
        var back = Reread(filled);
        Check(back);
        foreach (var (low, end) in back.Values("low").Zip(back.Values("end"))) Assert.IsLessThanOrEqualTo(end, low);
    }

    private static void Check(Table back)
    {
        Assert.AreEqual(Rows, back.RowCount);
        foreach (var (low, high) in back.Values("low").Zip(back.Values("high"))) Assert.IsLessThanOrEqualTo(high, low);
    }

    private static Table WrittenAndRead(NumericColumn low, NumericColumn high)
    {
        var table = TestTables.Make(low, high);
        using var model = Methods.Fit("independent", new Table(table.Schema with { Constraints = [new InequalityConstraint("in order", "low", "high", Strict: false)] }, table.Columns));
        return Reread(Methods.Draw(model, Rows));
    }

    private static Table Reread(Table table)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}.csv");
        try
        {
            TableWriter.Write(table, path);
            return TableReader.Read(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
