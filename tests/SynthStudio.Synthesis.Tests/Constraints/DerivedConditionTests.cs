using SynthStudio.Synthesis.Conditions;
using SynthStudio.Synthesis.Constraints;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Constraints;

/// <summary>Conditions on columns that follow from others give the rows that waiting for them would give.</summary>
[TestClass]
public sealed class DerivedConditionTests
{
    private const int Drawn = 200_000, Asked = 6_000;

    private static readonly string[] Cities = ["Wien", "Graz", "Bonn", "Kiel"], Countries = ["AT", "AT", "DE", "DE"];

    private static readonly ITabularModel Model = Methods.Fit("copula", Stays(6_000));

    private static readonly Lazy<Table> Waited = new(() => Methods.Draw(Model, Drawn, 5));

    /// <summary>What is asked, whether rows meet it, and whether no row is drawn in vain.</summary>
    private static readonly Dictionary<string, (Dictionary<string, Condition> Given, Func<Stay, bool> Meets, bool Directly)> Cases = new()
    {
        ["an end among several, its start given"] = (
            new() { ["arrival"] = Condition.Is("3"), ["departure"] = Condition.OneOf("5", "8") }, stay => stay.Arrival == 3 && stay.Departure is 5 or 8, true),
        ["an end in a range, its start given"] = (
            new() { ["arrival"] = Condition.Is("3"), ["departure"] = Condition.Between(new("4"), new("9", Inclusive: false)) },
            stay => stay.Arrival == 3 && stay.Departure is >= 4 and < 9, true),
        ["an end in a range"] = (new() { ["departure"] = Condition.Between(null, new("5")) }, stay => stay.Departure <= 5, false),
        ["an end"] = (new() { ["departure"] = Condition.Is("7") }, stay => stay.Departure == 7, false),
        ["both in ranges"] = (
            new() { ["arrival"] = Condition.Between(new("4"), null), ["departure"] = Condition.Between(null, new("8")) },
            stay => stay.Arrival >= 4 && stay.Departure <= 8, false),
        ["a total among several, all parts but one given"] = (
            new() { ["adults"] = Condition.Is("2"), ["guests"] = Condition.OneOf("2", "4") }, stay => stay.Adults == 2 && stay.Guests is 2 or 4, true),
        ["a total in a range, all parts but one given"] = (
            new() { ["children"] = Condition.Is("1"), ["guests"] = Condition.Between(new("3"), null) }, stay => stay.Children == 1 && stay.Guests >= 3, true),
        ["a total"] = (new() { ["guests"] = Condition.Is("4") }, stay => stay.Guests == 4, false),
        ["parts of a combination"] = (
            new() { ["city"] = Condition.OneOf("Graz", "Bonn", "Kiel"), ["country"] = Condition.Is("DE") }, stay => stay.City is "Bonn" or "Kiel", true),
        ["a column and its twin"] = (
            new() { ["price"] = Condition.Between(new("200"), null), ["paid"] = Condition.Between(null, new("500")) }, stay => stay.Price is >= 200 and <= 500, true),
    };

    public static IEnumerable<object[]> Names => Cases.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Rows_are_those_that_waiting_would_give(string name)
    {
        var (given, meets, directly) = Cases[name];
        var (rows, report) = Draw(Model, given);
        var drawn = Of(rows);
        var vain = DrawnInVain(report);
        var waited = Of(Waited.Value).Where(meets).ToList();
        Assert.HasCount(Asked, drawn);
        Assert.IsGreaterThan(500, waited.Count);
        Assert.IsTrue(drawn.TrueForAll(stay => meets(stay)));
        foreach (var part in new Func<Stay, double>[]
        {
            s => s.Arrival, s => s.Departure, s => s.Departure - s.Arrival, s => s.Adults, s => s.Children, s => s.Guests,
            s => s.Price, s => Array.IndexOf(Cities, s.City),
            s => s.Price / (1 + s.Departure - s.Arrival), s => s.Guests * s.Price,
        }) Assert.IsLessThan(1, TwoSamples.Distance(drawn.Select(part), waited.Select(part)));

        Assert.AreEqual(!directly, vain > 0);
    }

    [TestMethod]
    public void What_cannot_be_is_refused_before_rows_are_drawn()
    {
        foreach (var given in new Dictionary<string, Condition>[]
        {
            new() { ["arrival"] = Condition.Is("5"), ["departure"] = Condition.Is("3") },
            new() { ["departure"] = Condition.Is("3000") },
            new() { ["arrival"] = Condition.Is("3"), ["departure"] = Condition.Is("4.5") },
            new() { ["adults"] = Condition.Is("2"), ["children"] = Condition.Is("1"), ["guests"] = Condition.Is("5") },
            new() { ["guests"] = Condition.Is(null) },
            new() { ["city"] = Condition.Is("Wien"), ["country"] = Condition.Is("DE") },
            new() { ["price"] = Condition.Between(new("300"), null), ["paid"] = Condition.Between(null, new("300", Inclusive: false)) },
            new() { ["price"] = Condition.Is("300"), ["paid"] = Condition.Is("301") },
        })
        {
            var refusal = Assert.ThrowsExactly<SynthesisException>(() => Model.Sample(new SampleRequest { Rows = 5, Given = given }, CancellationToken.None));
            Assert.AreEqual(SynthesisError.ImpossibleCondition, refusal.Error, string.Join(", ", given.Keys));
        }

        Assert.AreEqual(SynthesisError.UnknownColumn, Assert.ThrowsExactly<SynthesisException>(() => Draw(Model, new() { ["nights"] = Condition.Is("1") })).Error);
    }

    [TestMethod]
    public void Values_that_hardly_any_row_has_end_with_an_error_that_names_the_column()
    {
        using var model = Methods.Fit("independent", Sums());
        var refusal = Assert.ThrowsExactly<SynthesisException>(() => Draw(model, new() { ["gross"] = Condition.Is("333.33") }));
        Assert.AreEqual(SynthesisError.ImpossibleCondition, refusal.Error);
        Assert.AreEqual("gross", refusal.Subject);
    }

    [TestMethod]
    public void A_total_is_met_to_the_cent_when_all_parts_but_one_are_given()
    {
        using var model = Methods.Fit("independent", Sums());
        var (drawn, _) = Draw(model, new() { ["net"] = Condition.Is("100.1"), ["gross"] = Condition.Is("133.3") });
        Assert.IsTrue(drawn.Values("gross").All(gross => gross == 133.3) && drawn.Values("tax").All(tax => tax == 33.2));
        var (range, report) = Draw(model, new() { ["net"] = Condition.Is("100.1"), ["gross"] = Condition.Between(new("133.3"), new("133.4", Inclusive: false)) });
        Assert.IsTrue(range.Values("gross").All(gross => gross is >= 133.3 and < 133.4) && range.Values("tax").Distinct().Count() > 3);
        Assert.AreEqual(0, DrawnInVain(report));
    }

    [TestMethod]
    public void A_method_that_knows_values_only_is_not_asked_for_ranges()
    {
        var asked = new AskedConditions(Stays(100).Schema, Capabilities.GivenValues, new Dictionary<string, Condition> { ["departure"] = Condition.Is("7") });
        var column = new ColumnSchema { Name = "arrival", Kind = ColumnKind.Integer };
        asked.Imply(column, double.NegativeInfinity, 7);
        Assert.IsFalse(asked.Given.ContainsKey("arrival"));
        asked.Add(column, Condition.Is("4"));
        Assert.AreEqual(4, asked.NumberOf("arrival"));
    }

    private static (Table Rows, ConstraintReport Report) Draw(ITabularModel model, Dictionary<string, Condition> given) =>
        Methods.DrawWithReport(model, new SampleRequest { Rows = Asked, Seed = 2, Given = given, ChunkRows = Asked, FirstChunkRows = Asked });

    /// <summary>Rows of a sample that did not meet what was asked.</summary>
    private static long DrawnInVain(ConstraintReport report) =>
        report.Rejected.Where(rule => rule.Key.EndsWith("as asked for", StringComparison.Ordinal)).Sum(rule => rule.Value);

    private static List<Stay> Of(Table t)
    {
        double[] arrival = t.Values("arrival"), departure = t.Values("departure"), adults = t.Values("adults"), children = t.Values("children");
        double[] guests = t.Values("guests"), price = t.Values("price"), paid = t.Values("paid");
        string?[] city = t.Texts("city"), country = t.Texts("country");
        CollectionAssert.AreEqual(price, paid);
        return [.. Enumerable.Range(0, t.RowCount).Select(row =>
        {
            Assert.AreEqual(Countries[Array.IndexOf(Cities, city[row])], country[row]);
            Assert.AreEqual(guests[row], adults[row] + children[row]);
            Assert.IsGreaterThanOrEqualTo(arrival[row], departure[row]);
            return new Stay(arrival[row], departure[row], adults[row], children[row], guests[row], price[row], city[row]!);
        })];
    }

    /// <summary>Stays at hotels: everything depends on how rich the guests are.</summary>
    private static Table Stays(int rows)
    {
        var random = new SeededStream(8, StreamPurpose.Codec, 90);
        double[] arrival = new double[rows], departure = new double[rows], adults = new double[rows], children = new double[rows], price = new double[rows];
        var city = new int[rows];
        for (var i = 0; i < rows; i++)
        {
            var rich = random.NextGaussian();
            arrival[i] = Math.Clamp(Math.Round(4.5 + rich + 2 * random.NextGaussian()), 0, 9);
            departure[i] = arrival[i] + Math.Clamp(Math.Round(2 + rich + random.NextGaussian()), 0, 6);
            adults[i] = Math.Clamp(Math.Round(2 + 0.5 * random.NextGaussian() + 0.5 * rich), 1, 4);
            children[i] = Math.Clamp(Math.Round(1 - 0.5 * rich + random.NextGaussian()), 0, 4);
            city[i] = Math.Clamp((int)Math.Round(1.5 + rich + random.NextGaussian()), 0, 3);
            price[i] = Math.Round(300 + 100 * rich + 60 * random.NextGaussian(), 2);
        }

        var table = TestTables.Make(
            TestTables.Numbers("arrival", ColumnKind.Integer, arrival), TestTables.Numbers("departure", ColumnKind.Integer, departure),
            TestTables.Numbers("adults", ColumnKind.Integer, adults), TestTables.Numbers("children", ColumnKind.Integer, children),
            TestTables.Numbers("guests", ColumnKind.Integer, adults.Zip(children, (a, c) => a + c)),
            TestTables.Coded("city", ColumnKind.Categorical, city.Select(c => Cities[c])),
            TestTables.Coded("country", ColumnKind.Categorical, city.Select(c => Countries[c])),
            TestTables.Numbers("price", ColumnKind.Decimal, price, 2), TestTables.Numbers("paid", ColumnKind.Decimal, price, 2));
        return Ruled(
            table, new InequalityConstraint("arrival <= departure", "arrival", "departure", false), new SumConstraint("guests", ["adults", "children"], "guests", null),
            new FixedCombinationsConstraint("places", ["city", "country"], null));
    }

    private static Table Sums()
    {
        var random = new SeededStream(9, StreamPurpose.Codec, 91);
        const int places = 2;
        double[] net = [.. Enumerable.Range(0, 3_000).Select(_ => Math.Round(50 + 400 * random.NextDouble(), places))];
        double[] tax = [.. net.Select(_ => Math.Round(10 + 40 * random.NextDouble(), places))];
        return Ruled(
            TestTables.Make(
                TestTables.Numbers("net", ColumnKind.Decimal, net, places), TestTables.Numbers("tax", ColumnKind.Decimal, tax, places),
                TestTables.Numbers("gross", ColumnKind.Decimal, net.Zip(tax, (n, t) => Math.Round(n + t, places)), places)),
            new SumConstraint("net + tax = gross", ["net", "tax"], "gross", null));
    }

    private static Table Ruled(Table table, params Constraint[] rules) => new(table.Schema with { Constraints = rules }, table.Columns);

    private sealed record Stay(double Arrival, double Departure, double Adults, double Children, double Guests, double Price, string City);
}
