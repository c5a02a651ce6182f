using SynthStudio.Synthesis.Conditions;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests;

[TestClass]
public sealed class CopulaTests
{
    private static readonly Table Shop = TestTables.Shop(4_000);

    private static readonly Table Latent = Thresholded(8_000);

    [TestMethod]
    [DataRow(0.8)]
    [DataRow(0.0)]
    [DataRow(-0.5)]
    public void Numbers_keep_their_correlation(double correlation)
    {
        using var model = Methods.Fit("copula", CartTests.Pairs(6_000, correlation));
        var drawn = Methods.Draw(model, 30_000);
        Assert.AreEqual(correlation, Methods.Correlation(drawn.Values("x"), drawn.Values("y")), 0.025);
    }

    [TestMethod]
    public void Dependence_through_thresholds_is_found_between_all_kinds_of_columns()
    {
        using var model = Methods.Fit("copula", Latent);
        var drawn = Methods.Draw(model, 40_000);
        foreach (var (tested, given) in new[] { ("yes_no", "level"), ("level", "yes_no") })
            foreach (var value in Latent.Texts(given).Distinct())
                foreach (var text in Latent.Texts(tested).Distinct())
                    Assert.AreEqual(Conditional(Latent, tested, text, given, value), Conditional(drawn, tested, text, given, value), 0.04);

        Assert.AreEqual(Mean(Latent, "yes"), Mean(drawn, "yes"), 0.05);
        Assert.AreEqual(Mean(Latent, "no"), Mean(drawn, "no"), 0.05);

        static double Mean(Table table, string value) => table.Values("x").Zip(table.Texts("yes_no")).Where(row => row.Second == value).Average(row => row.First);
    }

    [TestMethod]
    public void Categories_hang_together_as_in_training()
    {
        using var model = Methods.Fit("copula", Shop);
        var drawn = Methods.Draw(model, 20_000);
        foreach (var colour in new[] { "red", "green", "blue" })
            foreach (var size in new[] { "small", "medium", "large" })
                Assert.AreEqual(Conditional(Shop, "size", size, "colour", colour), Conditional(drawn, "size", size, "colour", colour), 0.08);
    }

    [TestMethod]
    public void A_given_number_moves_the_others_as_the_normal_distribution_says()
    {
        using var model = Methods.Fit("copula", CartTests.Pairs(8_000, correlation: 0.8));
        var y = Methods.Draw(model, 20_000, 1, ("x", "1")).Values("y");
        var mean = y.Average();
        Assert.AreEqual(0.8, mean, 0.05);
        Assert.AreEqual(0.6, Math.Sqrt(y.Average(v => (v - mean) * (v - mean))), 0.03);
    }

    [TestMethod]
    public void Several_conditions_give_what_waiting_for_such_rows_would_give()
    {
        using var model = Methods.Fit("copula", Latent);
        var waited = Methods.Draw(model, 200_000);
        var (levels, answers, numbers) = (waited.Texts("level"), waited.Texts("yes_no"), waited.Values("x"));
        var rows = Enumerable.Range(0, 200_000).Where(row => levels[row] is "c" or "d" && answers[row] == "yes").ToArray();
        var given = new Dictionary<string, Condition>
        {
            ["level"] = new ValuesCondition(["c", "d"]),
            ["yes_no"] = Condition.Is("yes"),
        };
        var drawn = model.Sample(
            new SampleRequest { Rows = 20_000, ChunkRows = 20_000, FirstChunkRows = 20_000, Given = given },
            CancellationToken.None).Single();
        Assert.IsTrue(drawn.Texts("level").All(level => level is "c" or "d") && drawn.Texts("yes_no").All(answer => answer == "yes"));
        Assert.AreEqual(rows.Share(row => levels[row] == "d"), drawn.Texts("level").Share(level => level == "d"), 0.015);
        var (expected, mean) = (rows.Average(row => numbers[row]), drawn.Values("x").Average());
        Assert.AreEqual(expected, mean, 0.025);
        Assert.AreEqual(
            Math.Sqrt(rows.Average(row => Math.Pow(numbers[row] - expected, 2))),
            Math.Sqrt(drawn.Values("x").Average(x => Math.Pow(x - mean, 2))), 0.02);
    }

    [TestMethod]
    public void A_range_is_met_and_changes_what_depends_on_it()
    {
        using var model = Methods.Fit("copula", Latent);
        var waited = Methods.Draw(model, 100_000);
        var expected = waited.Texts("yes_no").Zip(waited.Values("x")).Where(row => row.Second is >= 0.5 and <= 1.5).Share(row => row.First == "yes");
        var given = new Dictionary<string, Condition> { ["x"] = new RangeCondition(new RangeBound("0.5"), new RangeBound("1.5")) };
        var drawn = model.Sample(
            new SampleRequest { Rows = 10_000, ChunkRows = 10_000, FirstChunkRows = 10_000, Given = given },
            CancellationToken.None).Single();
        Assert.IsTrue(drawn.Values("x").All(x => x is >= 0.5 and <= 1.5));
        Assert.AreEqual(expected, drawn.Texts("yes_no").Share(answer => answer == "yes"), 0.02);
    }

    [TestMethod]
    public void Missing_values_depend_on_other_columns()
    {
        using var model = Methods.Fit("copula", Shop);
        var drawn = Methods.Draw(model, 5_000, 1, ("flag", "no"));
        Assert.AreEqual(1, drawn.Values("day").Share(double.IsNaN), 0.06);
        drawn = Methods.Draw(model, 5_000, 1, ("flag", "yes"));
        Assert.AreEqual(0, drawn.Values("day").Share(double.IsNaN), 0.06);
    }

    [TestMethod]
    public void Correlations_that_do_not_fit_together_are_repaired()
    {
        // Ten copies with little noise and their opposite: pair by pair the estimates err, together they must stay possible.
        var random = new SeededStream(5, StreamPurpose.Codec, 81);
        var common = Enumerable.Range(0, 300).Select(_ => random.NextGaussian()).ToArray();
        var table = TestTables.Make([.. Enumerable.Range(0, 10).Select(c => (Column)TestTables.Numbers(
            $"n{c}", ColumnKind.Integer, common.Select(z => Math.Round((c % 2 == 0 ? z : -z) + 0.05 * random.NextGaussian()))))]);
        using var model = Methods.Fit("copula", table);
        var drawn = Methods.Draw(model, 5_000);
        Assert.IsGreaterThan(0.8, Methods.Correlation(drawn.Values("n0"), drawn.Values("n2")));
        Assert.IsLessThan(-0.8, Methods.Correlation(drawn.Values("n0"), drawn.Values("n1")));
    }

    [TestMethod]
    public void Rare_categories_never_come_out()
    {
        var table = TestTables.Make(
            TestTables.Coded("city", ColumnKind.Categorical, Enumerable.Range(0, 2_000).Select(i => i < 3 ? "Smallville" : i % 2 == 0 ? "Rome" : "Paris")),
            TestTables.Numbers("n", ColumnKind.Integer, Enumerable.Range(0, 2_000).Select(i => (double)(i % 9))));
        using var model = Methods.Fit("copula", table);
        Assert.IsFalse(Methods.Draw(model, 20_000).Texts("city").Contains("Smallville"));
    }

    private static double Conditional(Table table, string tested, string? text, string given, string? value) =>
        table.Texts(tested).Zip(table.Texts(given)).Where(row => row.Second == value).Share(row => row.First == text);

    /// <summary>A bivariate normal variable seen as a number, and two more correlated with it seen through thresholds.</summary>
    private static Table Thresholded(int rows)
    {
        var random = new SeededStream(4, StreamPurpose.Codec, 80);
        var z = Enumerable.Range(0, rows).Select(_ => (random.NextGaussian(), random.NextGaussian(), random.NextGaussian())).ToArray();
        return TestTables.Make(
            TestTables.Numbers("x", ColumnKind.Decimal, z.Select(v => Math.Round(v.Item1, 3)), 3),
            TestTables.Coded("yes_no", ColumnKind.Boolean, z.Select(v => 0.7 * v.Item1 + 0.714 * v.Item2 > 0.4 ? "yes" : "no")),
            TestTables.Coded(
                "level", ColumnKind.Categorical,
                z.Select(v => (0.6 * v.Item1 + 0.8 * v.Item3) switch { < -0.8 => "a", < 0 => "b", < 1 => "c", _ => "d" })));
    }
}
