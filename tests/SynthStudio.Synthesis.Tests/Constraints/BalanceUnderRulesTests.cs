using SynthStudio.Synthesis.Constraints;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Constraints;

/// <summary>Shares that are asked for are those of the rows that come out, also where a rule has many of one value drawn again.</summary>
[TestClass]
public sealed class BalanceUnderRulesTests
{
    private const int Rows = 1_000;

    private static ITabularModel model = null!;

    /// <summary>Hardly trained: the network does not know the rule.</summary>
    [ClassInitialize]
    public static void Train(TestContext context) => model = AutoregressiveTests.Fit(Members(), steps: 30);

    [ClassCleanup]
    public static void Dispose() => model.Dispose();

    [TestMethod]
    [DataRow("sex")]
    [DataRow("gender")]
    public void Shares_are_kept_whatever_is_rejected(string name)
    {
        var (drawn, report) = Methods.DrawWithReport(model, Half(name, "f", 0.3) with { ChunkRows = Rows, FirstChunkRows = Rows });
        Assert.IsGreaterThan(30, report.Rejected["few visits of men"], "men were drawn again");
        Assert.AreEqual(300, drawn.Texts(name).Count(text => text == "f"));
        Assert.IsTrue(Enumerable.Range(0, Rows).All(row => drawn.Texts("sex")[row] == "f" || drawn.Values("visits")[row] < 4));
        Assert.HasCount(Rows, drawn.Texts("id").Distinct());
        Assert.AreEqual(Rows, report.Drawn - report.Rejected.Values.Sum());
    }

    [TestMethod]
    public void Rates_are_equal_whatever_is_rejected()
    {
        var drawn = Draw(new SampleRequest { Rows = Rows, Fairness = new FairnessRequest("vip", "sex") });
        Assert.AreEqual(Rate("f"), Rate("m"), 0.01);

        double Rate(string sex) => Enumerable.Range(0, Rows).Where(row => drawn.Texts("sex")[row] == sex).Share(row => drawn.Texts("vip")[row] == "yes");
    }

    [TestMethod]
    public void The_rows_do_not_depend_on_chunks()
    {
        var request = Half("sex", "f", 0.3);
        Assert.AreEqual(
            TestTables.Text(model.Sample(request, CancellationToken.None)),
            TestTables.Text(model.Sample(request with { ChunkRows = 70, FirstChunkRows = 3 }, CancellationToken.None)));
    }

    [TestMethod]
    [DataRow("all", SynthesisError.Unsupported)]
    [DataRow("nobody", SynthesisError.UnknownColumn)]
    public void Columns_that_are_not_drawn_by_themselves_are_refused_by_name(string name, SynthesisError expected)
    {
        var error = Assert.ThrowsExactly<SynthesisException>(() => Draw(Half(name, "3", 0.3)));
        Assert.AreEqual((expected, name), (error.Error, error.Subject));
    }

    [TestMethod]
    public void A_share_of_what_a_rule_forbids_ends_with_an_error_that_names_it()
    {
        var error = Assert.ThrowsExactly<SynthesisException>(() => Draw(Half("sex", "m", 1) with
        {
            Given = new Dictionary<string, Conditions.Condition> { ["visits"] = Conditions.Condition.Is("7") },
        }));
        Assert.AreEqual(SynthesisError.ConstraintsNotMet, error.Error);
        StringAssert.Contains(error.Message, "few visits of men");
    }

    [TestMethod]
    public void A_row_with_an_invented_category_gives_way_to_one_with_another()
    {
        var random = new SeededStream(5, StreamPurpose.Codec, 12);
        var towns = Enumerable.Range(0, Rows).Select(i => i % 4 == 0 ? $"T-{i:D5}" : i % 2 == 0 ? "Rome" : "Oslo").ToArray();
        var visits = Array.ConvertAll(towns, town => (double)random.NextInt(town == "Rome" ? 8 : 4));
        var table = TestTables.Make(TestTables.Coded("town", ColumnKind.Categorical, towns), TestTables.Numbers("visits", ColumnKind.Integer, visits));
        using var rare = AutoregressiveTests.Fit(
            new Table(table.Schema with { Constraints = [new ExpressionConstraint("few visits elsewhere", "town == 'Rome' or visits < 4")] }, table.Columns), steps: 30);

        var drawn = rare.Sample(Half("town", "Oslo", 0.4) with { ChunkRows = Rows, FirstChunkRows = Rows }, CancellationToken.None).Single();

        Assert.AreEqual(400, drawn.Texts("town").Count(town => town == "Oslo"));
        Assert.IsGreaterThan(100, drawn.Texts("town").Count(town => town is not ("Oslo" or "Rome")));
        Assert.IsTrue(Enumerable.Range(0, Rows).All(row => drawn.Texts("town")[row] == "Rome" || drawn.Values("visits")[row] < 4));
    }

    private static SampleRequest Half(string name, string value, double share) => new()
    {
        Rows = Rows, Rebalance = new Dictionary<string, IReadOnlyDictionary<string, double>> { [name] = new Dictionary<string, double> { [value] = share } },
    };

    private static Table Draw(SampleRequest request) =>
        model.Sample(request with { ChunkRows = Rows, FirstChunkRows = Rows }, CancellationToken.None).Single();

    private static Table Members()
    {
        var random = new SeededStream(3, StreamPurpose.Codec, 12);
        string[] sex = new string[Rows], vip = new string[Rows];
        double[] visits = new double[Rows], guests = new double[Rows];
        for (var i = 0; i < Rows; i++)
        {
            sex[i] = random.NextInt(2) == 0 ? "f" : "m";
            visits[i] = random.NextInt(sex[i] == "f" ? 8 : 4);
            vip[i] = random.NextDouble() < 0.1 * visits[i] ? "yes" : "no";
            guests[i] = random.NextInt(5);
        }

        var table = TestTables.Make(
            TestTables.Coded("id", ColumnKind.Identifier, Enumerable.Range(0, Rows).Select(i => $"M-{7 * i:D6}")),
            TestTables.Coded("sex", ColumnKind.Categorical, sex),
            TestTables.Coded("gender", ColumnKind.Categorical, sex),
            TestTables.Coded("vip", ColumnKind.Boolean, vip),
            TestTables.Numbers("visits", ColumnKind.Integer, visits),
            TestTables.Numbers("guests", ColumnKind.Integer, guests),
            TestTables.Numbers("all", ColumnKind.Integer, visits.Zip(guests, (v, g) => v + g)));
        return new Table(
            table.Schema with
            {
                Constraints = [new ExpressionConstraint("few visits of men", "sex == 'f' or visits < 4"), new SumConstraint("all", ["visits", "guests"], "all", null)],
            },
            table.Columns);
    }
}
