using System.Globalization;

namespace SynthStudio.Tabular.Tests.Reading;

/// <summary>A few dates that are none, and texts that say nothing is known, do not make texts of a column of dates or numbers.</summary>
[TestClass]
public sealed class SlipTests : FileTest
{
    private const int Rows = 1_000;

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(700)]
    public void Few_dates_that_are_none_are_missing(int first)
    {
        var values = Dates();
        (values[first], values[first + 3]) = ("1987-13-45", "05.01.1987");
        var (table, inferred) = TableReader.ReadWithReasons(Save(Lines(values)));
        var column = (NumericColumn)table["v"];
        Assert.AreEqual((ColumnKind.Date, "yyyy-MM-dd", true), (column.Schema.Kind, column.Schema.Format, column.Schema.Nullable));
        Assert.AreEqual(2, column.InvalidCells);
        for (var row = 0; row < Rows; row++) Assert.AreEqual(row == first || row == first + 3, column.IsMissing(row), $"row {row}");
        Assert.Contains("all but 2 of 1000", inferred[0].Reason);
    }

    [TestMethod]
    public void Many_dates_that_are_none_make_no_dates()
    {
        var values = Dates();
        for (var row = 0; row < Rows; row += 15) values[row] = string.Create(CultureInfo.InvariantCulture, $"some {row}");
        Assert.AreEqual(ColumnKind.Text, Read(Lines(values))["v"].Schema.Kind);
    }

    [TestMethod]
    public void A_declared_date_that_is_none_is_refused()
    {
        var values = Dates();
        values[41] = "1987-13-45";
        var schema = SchemaFile.Parse("""{"columns": {"v": {"kind": "date"}}}""");
        Assert.AreEqual(42, Refused(TableError.InvalidValue, () => Read(Lines(values), schema)).Row);
    }

    [TestMethod]
    [DataRow(50_000, ColumnKind.Date)]
    [DataRow(2, ColumnKind.Text)]
    public void Slips_beyond_the_sample_of_a_large_file_count(int every, ColumnKind expected)
    {
        const int Many = 60_000;
        var values = Enumerable.Range(0, Many).Select(i => i > 40_000 && i % every == 0 ? $"gone {i}" : Day(i)).ToArray();
        using var file = TableFile.Open(Save(Lines(values)));
        var sample = file.Sample(1_000, 1, CancellationToken.None);
        Assert.AreEqual(expected, sample.Schema.Columns[0].Kind);
        if (expected != ColumnKind.Date) return;
        var missing = file.Chunks(sample.Schema, CancellationToken.None).Sum(chunk => Enumerable.Range(0, chunk.RowCount).Count(chunk["v"].IsMissing));
        Assert.AreEqual(1, missing);
    }

    [TestMethod]
    public void The_profile_counts_slips_as_missing()
    {
        var values = Dates();
        values[5] = "1987-13-45";
        var profile = Profiler.Profile(Save(Lines(values))).Columns[0];
        Assert.AreEqual((ColumnKind.Date, 1L), (profile.Kind, profile.Missing));
    }

    [TestMethod]
    [DataRow("-")]
    [DataRow("--")]
    [DataRow(".")]
    [DataRow("None")]
    [DataRow("#DIV/0!")]
    [DataRow("#VALUE!")]
    [DataRow("#REF!")]
    [DataRow("#NUM!")]
    [DataRow("#NAME?")]
    public void What_says_that_nothing_is_known_is_missing_among_numbers_and_dates_and_a_value_among_texts(string unknown)
    {
        var numbers = Read(Lines(Enumerable.Range(0, 60).Select(i => i == 7 ? unknown : $"{i * 3.5:0.0}")))["v"];
        Assert.AreEqual(ColumnKind.Decimal, numbers.Schema.Kind);
        Assert.IsTrue(numbers.IsMissing(7) && !numbers.IsMissing(8));
        var dates = Read(Lines(Enumerable.Range(0, 60).Select(i => i == 7 ? unknown : Day(i))))["v"];
        Assert.AreEqual(ColumnKind.Date, dates.Schema.Kind);
        Assert.IsTrue(dates.IsMissing(7) && !dates.IsMissing(8));
        Assert.IsFalse(Read(Lines(Enumerable.Range(0, 60).Select(i => i % 4 == 1 ? unknown : $"w{i % 4}")))["v"].IsMissing(1));
    }

    private static string[] Dates() => [.. Enumerable.Range(0, Rows).Select(Day)];

    private static string Day(int i) => new DateOnly(1950, 1, 1).AddDays(i * 7 % 25_000).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
