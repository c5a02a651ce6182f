using SynthStudio.Synthesis.Conditions;
using SynthStudio.Synthesis.Constraints;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Constraints;

/// <summary>Rules hold in every drawn row, tried on the method that knows no dependence at all and so would break them most.</summary>
[TestClass]
public sealed class ConstraintTests
{
    private const int Rows = 1_500;

    private static readonly string[] Cities = ["Wien", "Graz", "Bonn", "Kiel", "Lyon"], Countries = ["AT", "AT", "DE", "DE", "FR"];

    [TestMethod]
    public void Every_rule_holds_in_every_row_and_says_how_training_kept_it()
    {
        using var model = Methods.Fit("independent", Trips());
        var (drawn, report) = Methods.DrawWithReport(model, 2_000);
        CheckRules(drawn);
        Assert.AreEqual(6, report.BrokenInTraining["start <= end"]);
        Assert.AreEqual(4, report.BrokenInTraining["0 <= age <= 120"]);
        Assert.AreEqual(10, report.RowsLeftOut);
        Assert.AreEqual(10, model.Metrics["constraints.rows_left_out"]);
        Assert.AreEqual(6, model.Metrics["constraints.broken_in_training.start <= end"]);
        Assert.IsGreaterThan(0, report.Rejected["age < 100 or country == 'FR'"]);
        Assert.AreEqual(2_000, report.Drawn - report.Rejected.Values.Sum());
    }

    [TestMethod]
    public void Each_of_two_samples_that_are_drawn_at_once_has_its_own_counts()
    {
        using var model = Methods.Fit("independent", Trips());
        var (many, few) = (new List<ConstraintReport>(), new List<ConstraintReport>());
        var request = new SampleRequest { Rows = 600, ChunkRows = 100, FirstChunkRows = 100, Reported = many.Add };
        using var first = model.Sample(request, CancellationToken.None).GetEnumerator();
        Assert.IsTrue(first.MoveNext());
        var rows = first.Current.RowCount;
        var second = model.Sample(request with { Rows = 50, Reported = few.Add }, CancellationToken.None);
        Assert.AreEqual(50, second.Sum(chunk => chunk.RowCount));
        while (first.MoveNext()) rows += first.Current.RowCount;
        Assert.AreEqual(600, rows);
        Assert.AreEqual(600, many[^1].Drawn - many[^1].Rejected.Values.Sum());
        Assert.AreEqual(50, few[^1].Drawn - few[^1].Rejected.Values.Sum());
    }

    [TestMethod]
    public void Durations_sums_and_combinations_are_learned_not_only_kept()
    {
        var table = Trips();
        using var model = Methods.Fit("independent", table);
        var drawn = Draw(model, 4_000);
        Assert.AreEqual(Mean(table), Mean(drawn), 0.03 * Mean(table));
        Assert.AreEqual(table.Texts("city").Share(c => c == "Wien"), drawn.Texts("city").Share(c => c == "Wien"), 0.03);
        Assert.AreEqual(table.Values("total").Average(), drawn.Values("total").Average(), 0.02 * table.Values("total").Average());

        static double Mean(Table t) =>
            t.Values("end").Zip(t.Values("start"), (end, start) => end - start).Where(d => d >= 0).Average();
    }

    [TestMethod]
    public void A_package_keeps_the_rules_and_the_rows_of_a_seed()
    {
        using var model = Methods.Fit("independent", Trips());
        using var package = AutoregressiveTests.Save(model);
        using var loaded = Synthesizers.Load(package, Device.Cpu);
        var drawn = Draw(loaded, 500);
        CheckRules(drawn);
        Assert.AreEqual(TestTables.Text([Draw(model, 500)]), TestTables.Text([drawn]));
        Assert.AreEqual(
            TestTables.Text([drawn]),
            TestTables.Text(loaded.Sample(new SampleRequest { Rows = 500, Seed = 1, ChunkRows = 77, FirstChunkRows = 3 }, CancellationToken.None)));
        CollectionAssert.AreEqual(Trips().Schema.Columns.Select(c => c.Name).ToArray(), drawn.Schema.Columns.Select(c => c.Name).ToArray());
    }

    [TestMethod]
    public void Conditions_on_columns_that_rules_replaced_are_met()
    {
        using var model = Methods.Fit("independent", Trips());
        var given = new Dictionary<string, Condition>
        {
            ["country"] = Condition.OneOf("DE", "FR"),
            ["end"] = Condition.Between(new("2021-01-01"), null),
            ["total"] = Condition.Between(null, new("300")),
        };
        var drawn = model.Sample(new SampleRequest { Rows = 300, Given = given, FirstChunkRows = 300 }, CancellationToken.None).Single();
        CheckRules(drawn);
        Assert.IsTrue(drawn.Texts("country").All(c => c is "DE" or "FR"));
        Assert.IsTrue(drawn.Values("end").All(end => end >= 1609459200));
        Assert.IsTrue(drawn.Values("total").All(total => total <= 300));
        Assert.AreEqual(SynthesisError.ImpossibleCondition, Refusal(() => Methods.Draw(model, 5, 1, ("total", "3"))).Error);
        Assert.AreEqual(SynthesisError.ImpossibleCondition, Refusal(() => Methods.Draw(model, 5, 1, ("city", "Wien"), ("country", "FR"))).Error);
    }

    [TestMethod]
    public void Rules_that_cannot_be_met_end_with_an_error_that_names_them()
    {
        var table = TestTables.Make(TestTables.Numbers("x", ColumnKind.Integer, Enumerable.Range(0, 400).Select(i => (double)(i % 10))));
        using var model = Methods.Fit("independent", Ruled(table, new UniqueConstraint("unique x", ["x"])));
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 10).Select(i => (double)i).ToArray(), Draw(model, 10).Values("x"));
        var error = Refusal(() => Draw(model, 11));
        Assert.AreEqual(SynthesisError.ConstraintsNotMet, error.Error);
        StringAssert.Contains(error.Message, "10 of 11");
        StringAssert.Contains(error.Message, "'unique x'");
    }

    [TestMethod]
    public void A_combination_of_few_rows_is_not_drawn_although_it_is_listed()
    {
        (string City, string Country)[] rows =
            [.. Enumerable.Repeat(("Wien", "AT"), 300), .. Enumerable.Repeat(("Bonn", "DE"), 96), .. Enumerable.Repeat(("Wien", "DE"), 4)];
        var table = TestTables.Make(
            TestTables.Coded("city", ColumnKind.Categorical, rows.Select(row => row.City)),
            TestTables.Coded("country", ColumnKind.Categorical, rows.Select(row => row.Country)));
        var pairs = new FixedCombinationsConstraint("pairs", ["city", "country"], [["Wien", "AT"], ["Bonn", "DE"], ["Wien", "DE"]]);
        using var model = Methods.Fit("independent", Ruled(table, pairs));
        var drawn = Draw(model, 5_000);
        var found = drawn.Texts("city").Zip(drawn.Texts("country"), (city, country) => $"{city}, {country}").Distinct().ToArray();
        CollectionAssert.AreEquivalent(new[] { "Wien, AT", "Bonn, DE" }, found);
        Assert.AreEqual(SynthesisError.ImpossibleCondition, Refusal(() => Methods.Draw(model, 5, 1, ("city", "Wien"), ("country", "DE"))).Error);
    }

    [TestMethod]
    public void As_many_rows_as_a_number_can_say_may_be_asked_for()
    {
        using var model = Methods.Fit("independent", Trips());
        var request = new SampleRequest { Rows = long.MaxValue, Seed = 1, ChunkRows = 64, FirstChunkRows = 64 };
        var first = model.Sample(request, CancellationToken.None).First();
        Assert.AreEqual(64, first.RowCount);
        CheckRules(first);
    }

    [TestMethod]
    public void A_table_that_mostly_breaks_a_rule_is_refused_with_counts_and_without_values()
    {
        var table = TestTables.Make(TestTables.Numbers("x", ColumnKind.Integer, Enumerable.Range(0, 400).Select(i => (double)(i % 10))));
        var error = Refusal(() => Methods.Fit("independent", Ruled(table, new RangeConstraint("small x", "x", null, "3"))));
        Assert.AreEqual(SynthesisError.ConstraintsNotMet, error.Error);
        StringAssert.Contains(error.Message, "240 of 400");
        StringAssert.Contains(error.Message, "'small x' by 240");
    }

    [TestMethod]
    public void A_column_that_repeats_another_is_written_twice_and_learned_once()
    {
        var shop = TestTables.Shop(500);
        var twin = new NumericColumn(new ColumnSchema { Name = "twin", Kind = ColumnKind.Decimal, DecimalPlaces = 2 }, shop.Values("amount"));
        using var model = Methods.Fit("independent", TestTables.Make([.. shop.Columns, twin]));
        var drawn = Draw(model, 300);
        CollectionAssert.AreEqual(drawn.Values("amount"), drawn.Values("twin"));
        Assert.IsTrue(Methods.Draw(model, 20, 1, ("twin", "200")).Values("amount").All(amount => amount == 200));
    }

    [TestMethod]
    public void Moments_that_follow_each_other_closely_keep_their_durations_undeclared()
    {
        var trips = Trips().Columns.Take(2).Select(column => column.Take(Enumerable.Range(10, Rows - 10).ToArray())).ToArray();
        using var model = Methods.Fit("independent", TestTables.Make(trips));
        var drawn = Draw(model, 3_000);
        var durations = drawn.Values("end").Zip(drawn.Values("start"), (end, start) => end - start).Where(double.IsFinite).ToArray();
        Assert.IsTrue(durations.All(d => d is > 0 and < 6_000));
        Assert.AreEqual(680, durations.Average(), 40);
        Assert.AreEqual(0.05, drawn.Values("end").Share(double.IsNaN), 0.02);
        Assert.IsFalse(model.Metrics.Keys.Any(name => name.StartsWith("constraints", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void A_chain_of_inequalities_holds()
    {
        var random = new SeededStream(2, StreamPurpose.Codec, 7);
        double[] a = new double[600], b = new double[600], c = new double[600];
        for (var i = 0; i < 600; i++) c[i] = (b[i] = (a[i] = random.NextInt(50)) + 1 + random.NextInt(30)) + random.NextInt(20);
        var table = TestTables.Make(
            TestTables.Numbers("a", ColumnKind.Integer, a), TestTables.Numbers("b", ColumnKind.Integer, b), TestTables.Numbers("c", ColumnKind.Integer, c));
        using var model = Methods.Fit("independent", Ruled(table, new InequalityConstraint("a < b", "a", "b", true), new InequalityConstraint("b <= c", "b", "c", false)));
        var drawn = Draw(model, 1_000);
        Assert.IsTrue(Enumerable.Range(0, 1_000).All(i => drawn.Values("a")[i] < drawn.Values("b")[i] && drawn.Values("b")[i] <= drawn.Values("c")[i]));
    }

    [TestMethod]
    public void Sums_hold_where_parts_or_totals_are_missing_and_missing_cells_keep_their_shares()
    {
        var table = Invoices();
        using var model = Methods.Fit("independent", table);
        using var package = AutoregressiveTests.Save(model);
        using var loaded = Synthesizers.Load(package, Device.Cpu);
        var (drawn, report) = Methods.DrawWithReport(loaded, 4_000);
        Assert.IsLessThan(4_600, report.Drawn, "few are drawn in vain");
        foreach (var name in new[] { "net", "tax", "gross" })
            Assert.AreEqual(table.Values(name).Share(double.IsNaN), drawn.Values(name).Share(double.IsNaN), 0.015, name);
        var complete = Enumerable.Range(0, 4_000).Where(row => new[] { "net", "tax", "gross" }.All(name => !drawn[name].IsMissing(row))).ToArray();
        Assert.IsGreaterThan(3_500, complete.Length);
        foreach (var row in complete) Assert.AreEqual(drawn.Values("net")[row] + drawn.Values("tax")[row], drawn.Values("gross")[row], 1e-6);

        // What is missing is asked for, or refused, as of any column.
        Assert.IsTrue(Methods.Draw(loaded, 50, 1, ("gross", null)).Values("gross").All(double.IsNaN));
        Assert.AreEqual(SynthesisError.ImpossibleCondition, Refusal(() => Methods.Draw(loaded, 5, 1, ("gross", "3"))).Error);
    }

    [TestMethod]
    public void Plans_of_before_totals_could_be_missing_are_read()
    {
        using var model = Methods.Fit("independent", Trips());
        using var file = AutoregressiveTests.Save(model);
        var json = System.Text.Encoding.UTF8.GetString(ModelPackage.Open(file)["constraints.json"]);
        var older = json.Replace(",\"Rest\":null", "", StringComparison.Ordinal);
        Assert.AreNotEqual(json, older);
        var plan = ConstraintPlan.FromJson(System.Text.Encoding.UTF8.GetBytes(older));
        Assert.AreEqual(json, System.Text.Encoding.UTF8.GetString(plan.ToJson()));
    }

    /// <summary>4 % of each cell is missing, one from the other independent.</summary>
    private static Table Invoices()
    {
        var random = new SeededStream(5, StreamPurpose.Codec, 3);
        double[] net = new double[Rows], tax = new double[Rows], gross = new double[Rows];
        for (var i = 0; i < Rows; i++)
        {
            net[i] = Math.Round(500 * random.NextDouble(), 2);
            tax[i] = Math.Round(net[i] * 0.2, 2);
            gross[i] = Math.Round(net[i] + tax[i], 2);
            foreach (var cells in new[] { net, tax, gross }) if (random.NextInt(25) == 0) cells[i] = double.NaN;
        }

        return Ruled(
            TestTables.Make(
                TestTables.Numbers("net", ColumnKind.Decimal, net, 2), TestTables.Numbers("tax", ColumnKind.Decimal, tax, 2),
                TestTables.Numbers("gross", ColumnKind.Decimal, gross, 2)),
            new SumConstraint("net + tax = gross", ["net", "tax"], "gross", null));
    }

    private static Table Draw(ITabularModel model, int rows) => Methods.Draw(model, rows);

    private static SynthesisException Refusal(Action action) => Assert.ThrowsExactly<SynthesisException>(action);

    private static Table Ruled(Table table, params Constraint[] rules) => new(table.Schema with { Constraints = rules }, table.Columns);

    private static void CheckRules(Table t)
    {
        var keys = new HashSet<string>();
        var pairs = Cities.Zip(Countries).ToHashSet();
        for (var row = 0; row < t.RowCount; row++)
        {
            double start = t.Values("start")[row], end = t.Values("end")[row], age = t.Values("age")[row];
            Assert.IsTrue(double.IsNaN(end) || start <= end);
            Assert.IsTrue(age is >= 0 and <= 120);
            Assert.Contains((t.Texts("city")[row]!, t.Texts("country")[row]!), pairs);
            Assert.AreEqual(t.Values("fare")[row] + t.Values("tip")[row], t.Values("total")[row], 1e-6);
            Assert.IsTrue(age < 100 || t.Texts("country")[row] == "FR");
            Assert.IsTrue(keys.Add($"{t.Values("seat")[row]}"));
        }
    }

    /// <summary>Trips between moments, with a few rows that break rules.</summary>
    private static Table Trips()
    {
        var random = new SeededStream(1, StreamPurpose.Codec, 77);
        double[] start = new double[Rows], end = new double[Rows],
            age = new double[Rows], fare = new double[Rows], tip = new double[Rows], seat = new double[Rows];
        var city = new int[Rows];
        for (var i = 0; i < Rows; i++)
        {
            start[i] = 1_600_000_000 + random.NextInt(20_000_000);
            end[i] = random.NextInt(20) == 0 ? double.NaN : start[i] + Math.Round(600 * Math.Exp(0.5 * random.NextGaussian()));
            city[i] = random.NextInt(5);
            age[i] = city[i] == 4 ? 90 + random.NextInt(30) : 20 + random.NextInt(60);
            fare[i] = Math.Round(20 + (400 * random.NextDouble()), 2);
            tip[i] = Math.Round(0.1 * fare[i], 2);
            seat[i] = random.NextInt(100_000);
        }

        for (var i = 0; i < 6; i++) end[i] = start[i] - 1;
        for (var i = 6; i < 10; i++) age[i] = 999;
        var table = TestTables.Make(
            TestTables.Numbers("start", ColumnKind.DateTime, start),
            TestTables.Numbers("end", ColumnKind.DateTime, end),
            TestTables.Numbers("age", ColumnKind.Integer, age),
            TestTables.Coded("city", ColumnKind.Categorical, city.Select(c => Cities[c])),
            TestTables.Numbers("fare", ColumnKind.Decimal, fare, 2),
            TestTables.Numbers("tip", ColumnKind.Decimal, tip, 2),
            TestTables.Numbers("total", ColumnKind.Decimal, fare.Zip(tip, (f, t) => Math.Round(f + t, 2)), 2),
            TestTables.Coded("country", ColumnKind.Categorical, city.Select(c => Countries[c])),
            TestTables.Numbers("seat", ColumnKind.Integer, seat));
        return Ruled(
            table,
            new RangeConstraint("0 <= age <= 120", "age", "0", "120"),
            new InequalityConstraint("start <= end", "start", "end", false),
            new FixedCombinationsConstraint("places", ["city", "country"]),
            new SumConstraint("fare + tip = total", ["fare", "tip"], "total", null),
            new NotNullConstraint("present", ["start", "age"]),
            new UniqueConstraint("unique seat", ["seat"]),
            new ExpressionConstraint("age < 100 or country == 'FR'", "age < 100 or country == 'FR'"));
    }
}
