using SynthStudio.Synthesis.Operations;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Constraints;

/// <summary>Rows that someone brings, to a model that learned rules by another form of the rows: filled, scored and predicted as by any model.</summary>
[TestClass]
public sealed class RewrittenRowsTests
{
    private const int Rows = 2_000;

    private static readonly Table Stays = MakeStays(Rows, 1), Fresh = MakeStays(600, 2);

    private static ITabularModel model = null!;

    [ClassInitialize]
    public static void Train(TestContext context) => model = AutoregressiveTests.Fit(Stays, steps: 500);

    [ClassCleanup]
    public static void Dispose() => model.Dispose();

    [TestMethod]
    public void Filled_rows_keep_their_known_cells_and_every_rule()
    {
        var table = Hide(Fresh, ("start", 4, 0), ("end", 4, 1), ("net", 5, 0), ("tax", 5, 1), ("gross", 5, 2), ("city", 3, 0), ("country", 3, 1), ("grade", 2, 0));
        var filled = Impute(table);
        foreach (var column in table.Columns)
        {
            for (var row = 0; row < table.RowCount; row++)
            {
                Assert.IsFalse(filled[column.Name].IsMissing(row), $"{column.Name} in row {row}");
                if (!column.IsMissing(row)) Assert.AreEqual(Cell(Fresh, column.Name, row), Cell(filled, column.Name, row));
            }
        }

        CheckRules(filled);
        Assert.AreEqual(TestTables.Text([filled]), TestTables.Text([Impute(table)]));
    }

    [TestMethod]
    public void What_follows_from_a_rule_is_not_guessed()
    {
        var filled = Impute(Hide(Fresh, ("net", 2, 0), ("gross", 2, 1)));
        CollectionAssert.AreEqual(Fresh.Values("gross"), filled.Values("gross"));
        foreach (var (expected, found) in Fresh.Values("net").Zip(filled.Values("net"))) Assert.AreEqual(expected, found, 1e-6);

        // Vienna and Graz are three to one among Austria's rows, whatever else is known.
        var cities = Impute(Hide(Fresh, ("city", 1, 0)));
        var austrian = Enumerable.Range(0, Fresh.RowCount).Where(row => Fresh.Texts("country")[row] == "AT").ToArray();
        Assert.AreEqual(0.75, austrian.Share(row => cities.Texts("city")[row] == "Wien"), 0.1);
        CheckRules(cities);
    }

    [TestMethod]
    public void Ends_tell_starts_and_a_sum_its_parts()
    {
        // Within minutes of the end, where a start for itself may lie anywhere in months; and the tax is a fifth.
        var starts = Impute(Hide(Fresh, ("start", 1, 0)));
        Assert.IsTrue(Enumerable.Range(0, Fresh.RowCount).All(row => Fresh.Values("end")[row] - starts.Values("start")[row] is >= 0 and <= 2_400));
        var parts = Impute(Hide(Fresh, ("net", 1, 0), ("tax", 1, 0)));
        CheckRules(parts);
        Assert.IsGreaterThan(
            0.9,
            Enumerable.Range(0, Fresh.RowCount).Share(
                row => Math.Abs(parts.Values("net")[row] - Fresh.Values("net")[row]) < 0.1 * Fresh.Values("gross")[row]));
    }

    [TestMethod]
    public void A_combination_that_does_not_exist_stays_open()
    {
        var row = TestTables.Make(
            TestTables.Coded("city", ColumnKind.Categorical, [null, null]), TestTables.Coded("country", ColumnKind.Categorical, ["XX", "DE"]),
            TestTables.Coded("grade", ColumnKind.Categorical, [null, null]));
        var filled = Impute(row);
        CollectionAssert.AreEqual(new[] { null, "Bonn" }, filled.Texts("city"));
        Assert.IsTrue(filled.Texts("grade").All(grade => grade is not null));
    }

    [TestMethod]
    public void Columns_of_rules_are_predicted()
    {
        var predictor = model.Require<IPredictor>();
        var known = TestTables.Make(TestTables.Coded("country", ColumnKind.Categorical, ["AT", "DE", null]));
        var cities = predictor.Predict(known, "city", [], CancellationToken.None).ToList();
        Assert.AreEqual(0.75, cities[0].Categories["Wien"], 0.1);
        Assert.AreEqual(1, cities[1].Categories["Bonn"], 0.01);
        Assert.AreEqual(0.6, cities[2].Categories["Wien"], 0.1);

        var ends = predictor.Predict(Fresh, "end", [0.5], CancellationToken.None).ToList();
        for (var row = 0; row < Fresh.RowCount; row++) Assert.AreEqual(750, ends[row].Mean!.Value - Fresh.Values("start")[row], 250);
        Assert.AreEqual("start", Assert.ThrowsExactly<SynthesisException>(() => predictor.Predict(known, "end", [], CancellationToken.None).ToList()).Subject);
        Assert.AreEqual("gross", Assert.ThrowsExactly<SynthesisException>(() => predictor.Predict(Fresh, "gross", [], CancellationToken.None).ToList()).Subject);
    }

    [TestMethod]
    public void An_end_without_its_start_is_not_predicted_and_all_others_are()
    {
        var predictor = model.Require<IPredictor>();
        var few = Fresh.Take([0, 1, 2, 3]);
        var all = predictor.Predict(few, "end", [0.5], CancellationToken.None).ToList();
        var ends = predictor.Predict(Hide(few, ("start", 4, 2)), "end", [0.5], CancellationToken.None).ToList();
        Assert.HasCount(4, ends);
        foreach (var row in new[] { 0, 1, 3 })
        {
            Assert.AreEqual(all[row].Mean!.Value, ends[row].Mean!.Value, 1);
            Assert.AreEqual(all[row].Quantiles[0], ends[row].Quantiles[0], 1);
        }

        Assert.IsNull(ends[2].Mean);
        Assert.IsEmpty(ends[2].Quantiles);
        Assert.AreEqual(all[2].Missing, ends[2].Missing, 0.1, "whether there is an end at all is told");
    }

    [TestMethod]
    [DataRow("start")]
    [DataRow("net")]
    [DataRow("city")]
    public void A_prediction_knows_nothing_of_what_it_predicts(string column)
    {
        var predictor = model.Require<IPredictor>();
        var without = TestTables.Make([.. Fresh.Columns.Where(other => other.Name != column)]);
        foreach (var (told, untold) in predictor.Predict(Fresh, column, [0.5], CancellationToken.None)
            .Zip(predictor.Predict(without, column, [0.5], CancellationToken.None)))
        {
            CollectionAssert.AreEqual(untold.Quantiles.ToArray(), told.Quantiles.ToArray());
            CollectionAssert.AreEquivalent(untold.Categories.ToArray(), told.Categories.ToArray());
        }

        Assert.HasCount(3, predictor.Predict(TestTables.Make(Fresh.Take([0, 1, 2])[column]), column, [], CancellationToken.None).ToList(), "rows of nothing else are rows");
    }

    [TestMethod]
    public void Odd_durations_score_lower_and_half_known_pairs_score_as_what_is_known()
    {
        var scorer = model.Require<IRowScorer>();
        var odd = Fresh.Take(Enumerable.Range(0, 50).ToArray());
        var usual = scorer.LogLikelihood(odd, 2, 1, CancellationToken.None);
        var without = TestTables.Make([.. odd.Columns.Where(column => column.Name is not ("start" or "end"))]);
        Assert.AreEqual(
            scorer.LogLikelihood(without, 2, 1, CancellationToken.None).Average() + Math.Log(0.5 / Rows),
            scorer.LogLikelihood(Hide(odd, ("start", 1, 0)), 2, 1, CancellationToken.None).Average(), 0.5, "an end without its start is summed out, not taken for missing; a start, which training always had, costs half a row");
        for (var row = 0; row < 50; row++) odd.Values("end")[row] = odd.Values("start")[row] + 2_400;
        Assert.IsLessThan(usual.Average() - 1, scorer.LogLikelihood(odd, 2, 1, CancellationToken.None).Average());
    }

    private static Table Impute(Table table) => model.Require<IImputer>().Impute(table, 1, CancellationToken.None);

    private static void CheckRules(Table t)
    {
        for (var row = 0; row < t.RowCount; row++)
        {
            Assert.IsLessThanOrEqualTo(t.Values("end")[row], t.Values("start")[row]);
            Assert.AreEqual(t.Values("net")[row] + t.Values("tax")[row], t.Values("gross")[row], 0.0051);
            Assert.AreEqual(t.Texts("city")[row] == "Bonn" ? "DE" : "AT", t.Texts("country")[row]);
        }
    }

    private static object? Cell(Table table, string column, int row) =>
        table[column] is NumericColumn numbers ? numbers.Values[row] : ((CodedColumn)table[column]).Text(row);

    /// <summary>The table without the cells of a column in every so-manieth row.</summary>
    private static Table Hide(Table table, params (string Column, int Every, int First)[] hidden) => new(table.Schema, [.. table.Columns.Select(column =>
    {
        if (Array.Find(hidden, h => h.Column == column.Name) is not { Every: > 0 } h) return column;
        return column is NumericColumn numbers
            ? new NumericColumn(column.Schema, [.. numbers.Values.Select((value, row) => row % h.Every == h.First ? double.NaN : value)])
            : (Column)new CodedColumn(
                column.Schema,
                [.. ((CodedColumn)column).Codes.Select((code, row) => row % h.Every == h.First ? CodedColumn.Missing : code)],
                ((CodedColumn)column).Values);
    })]);

    /// <summary>Moments that follow each other within the hour, undeclared; a declared sum; cities in countries. Ends are missing now and then.</summary>
    private static Table MakeStays(int rows, long seed)
    {
        var random = new SeededStream(seed, StreamPurpose.Codec, 31);
        double[] start = new double[rows], end = new double[rows], net = new double[rows], tax = new double[rows];
        string[] city = new string[rows], grade = new string[rows];
        for (var i = 0; i < rows; i++)
        {
            start[i] = 1_600_000_000 + 60 * random.NextInt(200_000);
            end[i] = seed == 1 && random.NextInt(20) == 0 ? double.NaN : start[i] + 60 * (random.NextInt(50) == 0 ? 40 : 10 + random.NextInt(5));
            city[i] = random.NextInt(5) switch { < 3 => "Wien", 3 => "Graz", _ => "Bonn" };
            net[i] = 10 * (1 + random.NextInt(40));
            tax[i] = net[i] / 5;
            grade[i] = net[i] > 200 ? "high" : "low";
        }

        var table = TestTables.Make(
            TestTables.Numbers("start", ColumnKind.DateTime, start), TestTables.Numbers("end", ColumnKind.DateTime, end),
            TestTables.Numbers("net", ColumnKind.Decimal, net, 2), TestTables.Numbers("tax", ColumnKind.Decimal, tax, 2),
            TestTables.Numbers("gross", ColumnKind.Decimal, net.Zip(tax, (n, t) => n + t), 2),
            TestTables.Coded("city", ColumnKind.Categorical, city), TestTables.Coded("country", ColumnKind.Categorical, city.Select(c => c == "Bonn" ? "DE" : "AT")),
            TestTables.Coded("grade", ColumnKind.Categorical, grade));
        return new Table(
            table.Schema with { Constraints = [new SumConstraint("sum", ["net", "tax"], "gross", null), new FixedCombinationsConstraint("places", ["city", "country"])] },
            table.Columns);
    }
}
