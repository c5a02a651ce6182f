using SynthStudio.Synthesis.Conditions;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests;

/// <summary>What conditions leave of a column, and that what is left decodes to values that meet them.</summary>
[TestClass]
public sealed class AdmissionTests
{
    [TestMethod]
    [DataRow("30", true, "40", true, 30, 40, 11)]
    [DataRow("30", false, "40", false, 31, 39, 9)]
    [DataRow("29.5", true, "30.5", true, 30, 30, 1)]
    public void A_range_of_whole_numbers_keeps_its_share_and_its_bounds(
        string low, bool lowInclusive, string high, bool highInclusive, double first, double last, int values)
    {
        // 0 to 999, twenty rows each: five or so values share a cell, and the bounds cut cells.
        var codec = Codec(TestTables.Numbers("n", ColumnKind.Integer, Enumerable.Range(0, 20_000).Select(i => (double)(i % 1_000))));
        var admission = codec.Admit(Condition.Between(new(low, lowInclusive), new(high, highInclusive)));
        Assert.AreEqual(values * 20, Mass(codec, admission), 0.15 * values * 20 + 5);
        var decoded = Decode(admission, 4_000);
        Assert.IsTrue(decoded.All(value => value >= first && value <= last && value == Math.Floor(value)));
        Assert.HasCount(values, decoded.Distinct().ToList());
    }

    [TestMethod]
    [DataRow("yyyy-MM-ddTHH:mm:ss'+01:00'", "2024-01-15T09:00:00Z")]
    [DataRow("yyyy-MM-ddTHH:mm:ss'+01:00'", "2024-01-15T10:00+01:00")]
    [DataRow("yyyy-MM-ddTHH:mm:ss'+01:00'", "2024-01-15T10:00:00+01:00")]
    [DataRow("yyyy-MM-ddTHH:mm:ss'+01:00'", "2024-01-15 10:00")]
    [DataRow("yyyy-MM-dd HH:mm:ss '-0730'", "2024-01-15T17:30:00Z")]
    [DataRow("yyyy-MM-dd HH:mm:ss", "2024-01-15T10:00:00Z")]
    [DataRow("yyyy-MM-ddTHH:mm:sszzz", "2024-01-15T12:00:00+02:00")]
    public void A_moment_asked_for_with_its_offset_is_the_same_in_a_column_that_has_one(string format, string asked) => Assert.AreEqual(
        1_705_312_800.0, ConditionNumbers.Read(new() { Name = "at", Kind = ColumnKind.DateTime, Format = format }, asked));

    [TestMethod]
    [DataRow("dd/MM/yyyy HH:mm", "05/03/2024 00:00")]
    [DataRow("dd/MM/yyyy HH:mm", "05/03/2024", DisplayName = "The date of a format with a time is midnight")]
    [DataRow("dd.MM.yyyy", "05.03.2024")]
    [DataRow("dd.MM.yyyy", "2024-03-05")]
    [DataRow("M/d/yyyy h:mm tt", "3/5/2024")]
    [DataRow(null, "2024-03-05T00:00")]
    public void A_day_is_read_as_its_column_spells_it_or_in_iso(string? format, string asked) =>
        Assert.AreEqual(1_709_596_800.0, ConditionNumbers.Read(Moments(format), asked));

    [TestMethod]
    [DataRow("dd.MM.yyyy HH:mm", "05/03/2024", "28.03.2024 14:30", DisplayName = "Day or month first, nobody knows")]
    [DataRow("dd.MM.yyyy", "5 March", "28.03.2024", DisplayName = "The year would be today's")]
    [DataRow("dd.MM.yyyy HH:mm", "10:00", "28.03.2024 14:30", DisplayName = "The day would be today")]
    [DataRow("dd/MM/yyyy", "03/28/2024", "28/03/2024")]
    [DataRow(null, "05/03/2024", "2024-03-28")]
    public void A_day_that_could_be_another_is_refused_with_the_format(string? format, string asked, string example)
    {
        var refusal = Assert.ThrowsExactly<SynthesisException>(() => ConditionNumbers.Read(Moments(format), asked));
        Assert.AreEqual((SynthesisError.ImpossibleCondition, "at"), (refusal.Error, refusal.Subject));
        Assert.Contains(example, refusal.Message);
        Assert.Contains(format ?? "ISO 8601", refusal.Message);
    }

    [TestMethod]
    public void A_range_open_above_reaches_to_the_largest_value()
    {
        var codec = Codec(TestTables.Numbers("n", ColumnKind.Decimal, Enumerable.Range(0, 5_000).Select(i => i / 100.0), places: 2));
        var decoded = Decode(codec.Admit(Condition.Between(new("49.5"), null)), 2_000);
        Assert.IsTrue(decoded.All(value => value >= 49.5 && Math.Round(value, 2) == value));
        Assert.IsGreaterThan(49.9, decoded.Max());
    }

    [TestMethod]
    public void A_set_of_numbers_keeps_the_shares_of_its_values()
    {
        var codec = Codec(TestTables.Numbers("n", ColumnKind.Integer, Enumerable.Range(0, 4_000).Select(i => i % 4 == 0 ? 1.0 : i % 4 == 1 ? 3 : 2)));
        var admission = codec.Admit(Condition.OneOf("1", "2"));
        Assert.AreEqual(3_000, Mass(codec, admission), 1);
    }

    [TestMethod]
    public void Dates_are_cut_at_whole_days()
    {
        var codec = Codec(TestTables.Numbers("d", ColumnKind.Date, Enumerable.Range(0, 8_000).Select(i => 86_400.0 * (18_000 + i % 400))));
        var decoded = Decode(codec.Admit(Condition.Between(new("2019-05-01"), new("2019-05-03", Inclusive: false))), 500);
        var days = decoded.Distinct().Order().Select(seconds => DateTime.UnixEpoch.AddSeconds(seconds)).ToList();
        CollectionAssert.AreEqual(new[] { new DateTime(2019, 5, 1), new DateTime(2019, 5, 2) }, days);
    }

    [TestMethod]
    public void Missing_values_are_admitted_only_when_asked_for()
    {
        var codec = Codec(TestTables.Coded("c", ColumnKind.Categorical, Enumerable.Range(0, 300).Select(i => i % 3 == 0 ? null : i % 3 == 1 ? "a" : "b")));
        Assert.AreEqual(200, Mass(codec, codec.Admit(Condition.NotMissing())));
        Assert.AreEqual(200, Mass(codec, codec.Admit(Condition.OneOf("a", null))));
        Assert.AreEqual(100, Mass(codec, codec.Admit(Condition.Is("b"))));
    }

    [TestMethod]
    public void What_cannot_be_met_is_refused()
    {
        var number = Codec(TestTables.Numbers("n", ColumnKind.Integer, Enumerable.Range(0, 300).Select(i => i % 10 * 10.0)));
        var text = Codec(TestTables.Coded("c", ColumnKind.Categorical, Enumerable.Range(0, 300).Select(i => i % 2 == 0 ? "a" : "b")));
        Condition[] impossible = [Condition.Between(new("11"), new("19")), Condition.Between(new("50"), new("40")), Condition.Is(null), Condition.Is("1000")];
        foreach (var condition in impossible) Refuses(number, condition);
        Refuses(text, Condition.Between(new("a"), null));
        Refuses(text, Condition.OneOf("a", "z"));

        static void Refuses(ColumnCodec codec, Condition condition) => Assert.AreEqual(
            SynthesisError.ImpossibleCondition, Assert.ThrowsExactly<SynthesisException>(() => codec.Admit(condition)).Error, $"{condition}");
    }

    [TestMethod]
    [DataRow(ColumnKind.Integer, null, "37.5")]
    [DataRow(ColumnKind.Decimal, null, "12.345")]
    [DataRow(ColumnKind.Date, null, "1970-01-20T12:00:00")]
    [DataRow(ColumnKind.DateTime, "yyyy-MM-dd HH:mm", "1970-01-20 00:00:30")]
    public void A_value_that_would_be_written_as_another_is_refused(ColumnKind kind, string? format, string asked)
    {
        var unit = kind is ColumnKind.Date or ColumnKind.DateTime ? 86_400.0 : 1;
        var codec = Codec(new NumericColumn(
            new() { Name = "n", Kind = kind, Format = format, DecimalPlaces = kind == ColumnKind.Decimal ? 2 : null },
            [.. Enumerable.Range(0, 600).Select(i => unit * (i % 50))]));
        var error = Assert.ThrowsExactly<SynthesisException>(() => codec.Admit(Condition.Is(asked)));
        Assert.AreEqual((SynthesisError.ImpossibleCondition, "n"), (error.Error, error.Subject));
        StringAssert.Contains(error.Message, $"'{asked}'");
    }

    [TestMethod]
    public void A_value_that_the_table_lacks_is_admitted_as_it_is_written()
    {
        var tens = Codec(TestTables.Numbers("n", ColumnKind.Integer, Enumerable.Range(0, 600).Select(i => i % 10 * 10.0)));
        Assert.IsTrue(Decode(tens.Admit(Condition.Is("15")), 20).All(value => value == 15));
        var cents = Codec(TestTables.Numbers("n", ColumnKind.Decimal, Enumerable.Range(0, 600).Select(i => i % 50 / 100.0), places: 2));
        Assert.IsTrue(Decode(cents.Admit(Condition.Is("0.30000000000000004")), 20).All(value => value == 0.3));
        Assert.IsTrue(Decode(cents.Admit(Condition.Like("0.25")), 20).All(value => value == 0.25));
    }

    private static ColumnSchema Moments(string? format) =>
        new() { Name = "at", Kind = format?.Contains('m', StringComparison.Ordinal) == true ? ColumnKind.DateTime : ColumnKind.Date, Format = format };

    private static ColumnCodec Codec(Column column) => TableCodec.Fit(TestTables.Make(column), 1, protectRare: true).Columns[0];

    private static double Mass(ColumnCodec codec, Admission admission) => codec.Layout.Counts.Zip(admission.Shares, (count, share) => count * share).Sum();

    private static double[] Decode(Admission admission, int rows)
    {
        var random = new SeededStream(1, StreamPurpose.SampledTokens, 0);
        var admitted = Enumerable.Range(0, admission.Shares.Length).Where(cell => admission.Shares[cell] > 0).ToArray();
        var cells = Enumerable.Range(0, rows).Select(_ => (ushort)admitted[random.NextInt(admitted.Length)]).ToArray();
        return ((NumericColumn)admission.Codec.Decode(cells, new SeededStream(1, StreamPurpose.DecodedValues, 0), 0, 1)).Values;
    }
}
