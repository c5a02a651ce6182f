using SynthStudio.Synthesis.Conditions;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests;

[TestClass]
public sealed class CartTests
{
    private static readonly Table Shop = TestTables.Shop(4_000);

    [TestMethod]
    public void Columns_hang_together_as_in_training()
    {
        using var model = Methods.Fit("cart", Shop);
        var drawn = Methods.Draw(model, 20_000);
        var (sizes, flags) = (drawn.Texts("size"), drawn.Texts("flag"));
        Assert.AreEqual(Same(Shop), Same(drawn), 0.02);
        foreach (var (size, mean) in new[] { ("small", 100.0), ("medium", 200.0), ("large", 300.0) })
        {
            var amounts = drawn.Values("amount").Where((_, row) => sizes[row] == size).ToArray();
            Assert.AreEqual(mean, amounts.Average(), 2.5);
            Assert.AreEqual(10, Math.Sqrt(amounts.Average(a => (a - mean) * (a - mean))), 2.5);
        }

        Assert.AreEqual(0, Enumerable.Range(0, 20_000).Share(row => drawn["day"].IsMissing(row) != (flags[row] == "no")), 0.01);
    }

    [TestMethod]
    public void Correlated_numbers_stay_correlated_and_are_no_copies()
    {
        var table = Pairs(5_000, correlation: 0.8);
        using var model = Methods.Fit("cart", table);
        var drawn = Methods.Draw(model, 20_000);
        Assert.AreEqual(0.8, Methods.Correlation(drawn.Values("x"), drawn.Values("y")), 0.03);
        var training = table.Values("x").Zip(table.Values("y")).ToHashSet();
        Assert.AreEqual(0, drawn.Values("x").Zip(drawn.Values("y")).Share(training.Contains), 0.001);
    }

    [TestMethod]
    public void Independent_columns_are_not_split()
    {
        using var model = Methods.Fit("cart", Pairs(3_000, correlation: 0));
        Assert.IsLessThanOrEqualTo(4, model.Metrics["leaves"]);
    }

    [TestMethod]
    public void A_condition_changes_what_depends_on_it()
    {
        using var model = Methods.Fit("cart", Shop);
        var drawn = Methods.Draw(model, 3_000, 1, ("size", "large"));
        Assert.AreEqual(Conditional(Shop), Conditional(drawn), 0.03);
        Assert.AreEqual(300, drawn.Values("amount").Average(), 3);

        static double Conditional(Table table) =>
            table.Texts("colour").Zip(table.Texts("size")).Where(row => row.Second == "large").Share(row => row.First == "blue");
    }

    [TestMethod]
    public void Ranges_and_sets_hold_in_every_row()
    {
        using var model = Methods.Fit("cart", Shop);
        var request = new SampleRequest
        {
            Rows = 600, ChunkRows = 600, FirstChunkRows = 600,
            Given = new Dictionary<string, Condition>
            {
                ["colour"] = new ValuesCondition(["red", "blue"]),
                ["amount"] = new RangeCondition(new RangeBound("150"), new RangeBound("290")),
            },
        };
        var drawn = model.Sample(request, CancellationToken.None).Single();
        Assert.IsTrue(drawn.Texts("colour").All(colour => colour is "red" or "blue"));
        Assert.IsTrue(drawn.Values("amount").All(amount => amount is >= 150 and <= 290));
    }

    [TestMethod]
    public void What_the_model_never_draws_is_refused_instead_of_waited_for()
    {
        var table = TestTables.Make(
            TestTables.Coded("a", ColumnKind.Categorical, Enumerable.Range(0, 400).Select(i => i % 2 == 0 ? "x" : "y")),
            TestTables.Coded("b", ColumnKind.Categorical, Enumerable.Range(0, 400).Select(i => i % 4 == 0 ? "z" : i % 2 == 0 ? "x" : "y")));
        using var model = Methods.Fit("cart", table);
        var error = Assert.ThrowsExactly<SynthesisException>(() => Methods.Draw(model, 1, 1, ("a", "x"), ("b", "y")));
        Assert.AreEqual(SynthesisError.ImpossibleCondition, error.Error);
    }

    [TestMethod]
    public void Rare_categories_and_extremes_never_come_out()
    {
        var random = new SeededStream(1, StreamPurpose.Codec, 77);
        var table = TestTables.Make(
            TestTables.Coded("city", ColumnKind.Categorical, Enumerable.Range(0, 2_000).Select(i => i < 3 ? "Smallville" : i % 2 == 0 ? "Rome" : "Paris")),
            TestTables.Numbers("wage", ColumnKind.Integer, Enumerable.Range(0, 2_000).Select(i => i == 7 ? 1e9 : Math.Round(1_000 + 100 * random.NextGaussian()))));
        using var model = Methods.Fit("cart", table);
        var drawn = Methods.Draw(model, 20_000);
        Assert.IsFalse(drawn.Texts("city").Contains("Smallville"));
        Assert.IsLessThan(2_000, drawn.Values("wage").Max());
    }

    [TestMethod]
    [DataRow("minimum_leaf", "1")]
    [DataRow("split_penalty", "-1")]
    [DataRow("max_predictors", "many")]
    public void Options_out_of_range_are_refused(string name, string value)
    {
        var error = Assert.ThrowsExactly<SynthesisException>(() => Methods.Fit("cart", Shop, options: (name, value)));
        Assert.AreEqual((SynthesisError.OptionOutOfRange, name), (error.Error, error.Subject));
    }

    private static double Same(Table table) =>
        table.Texts("colour").Zip(table.Texts("size")).Share(pair => pair is ("red", "small") or ("green", "medium") or ("blue", "large"));

    internal static Table Pairs(int rows, double correlation)
    {
        var random = new SeededStream(2, StreamPurpose.Codec, 78);
        double[] x = new double[rows], y = new double[rows];
        for (var i = 0; i < rows; i++)
        {
            x[i] = random.NextGaussian();
            y[i] = correlation * x[i] + Math.Sqrt(1 - correlation * correlation) * random.NextGaussian();
        }

        return TestTables.Make(TestTables.Numbers("x", ColumnKind.Decimal, x), TestTables.Numbers("y", ColumnKind.Decimal, y));
    }
}
