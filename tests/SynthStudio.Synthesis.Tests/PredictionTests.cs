using SynthStudio.Synthesis.Operations;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests;

/// <summary>What is told of columns with rare categories, of ordered ones and of numbers that are single values.</summary>
[TestClass]
public sealed class PredictionTests
{
    private const int Rows = 2_000;

    private static readonly ColumnSchema Grade = new() { Name = "grade", Kind = ColumnKind.Ordinal, Order = new CategoryOrder(["low", "mid", "high"]) };

    private static ITabularModel model = null!;

    [ClassInitialize]
    public static void Train(TestContext context) => model = AutoregressiveTests.Fit(Make(), steps: 150);

    [ClassCleanup]
    public static void Dispose() => model.Dispose();

    [TestMethod]
    [DataRow("few")]
    [DataRow("many")]
    public void Rare_categories_keep_their_probability_and_do_not_raise_that_of_others(string column)
    {
        var prediction = Predict(column);
        var texts = Make().Texts(column);
        CollectionAssert.AreEquivalent(new[] { "a", "b" }, prediction.Categories.Keys.ToArray());
        Assert.AreEqual(1, prediction.Categories.Values.Sum() + prediction.Missing + prediction.Other!.Value, 1e-5);
        Assert.AreEqual(texts.Share(text => text?.StartsWith('r') == true), prediction.Other.Value, 0.05);
        Assert.AreEqual(texts.Share(text => text is null), prediction.Missing, 0.05);
        Assert.IsGreaterThan(0, prediction.Other.Value);
    }

    [TestMethod]
    public void Ordered_categories_have_probabilities_in_their_order_and_quantiles_but_no_mean()
    {
        var prediction = Predict("grade", 0.5);
        CollectionAssert.AreEqual(new[] { "low", "mid", "high" }, prediction.Categories.Keys.ToArray());
        Assert.AreEqual(1, prediction.Categories.Values.Sum(), 1e-5);
        Assert.AreEqual(0.6, prediction.Categories["mid"], 0.08);
        Assert.AreEqual(1, prediction.Quantiles.Single());
        Assert.IsNull(prediction.Mean);
        Assert.IsNull(prediction.Other);
    }

    [TestMethod]
    public void Numbers_and_dates_that_are_single_values_have_probabilities()
    {
        var code = Predict("code", 0.5);
        CollectionAssert.AreEqual(new[] { "2", "3", "10" }, code.Categories.Keys.ToArray());
        Assert.AreEqual(1.0 / 3, code.Categories["10"], 0.08);
        Assert.IsNotNull(code.Mean);
        CollectionAssert.AreEqual(new[] { "01.01.2024", "02.01.2024" }, Predict("day").Categories.Keys.ToArray());
        Assert.IsEmpty(Predict("amount").Categories);
    }

    private static Prediction Predict(string column, params double[] quantiles) => model.Require<IPredictor>()
        .Predict(TestTables.Make(TestTables.Coded("half", ColumnKind.Categorical, ["x"])), column, quantiles, CancellationToken.None).Single();

    private static Table Make()
    {
        var random = new SeededStream(6, StreamPurpose.Codec, 78);
        string?[] few = new string?[Rows], many = new string?[Rows], half = new string?[Rows];
        double[] grade = new double[Rows], code = new double[Rows], day = new double[Rows], amount = new double[Rows];
        for (var i = 0; i < Rows; i++)
        {
            few[i] = random.NextInt(100) switch { < 3 => $"r{i}", < 23 => null, < 60 => "a", _ => "b" };
            many[i] = random.NextInt(100) switch { < 30 => $"r{i}", < 50 => null, < 75 => "a", _ => "b" };
            half[i] = random.NextInt(2) == 0 ? "x" : "y";
            grade[i] = random.NextInt(10) switch { < 2 => 0, < 8 => 1, _ => 2 };
            code[i] = random.NextInt(3) switch { 0 => 2, 1 => 3, _ => 10 };
            day[i] = 86_400.0 * (19_723 + random.NextInt(2));
            amount[i] = Math.Round(1_000 * random.NextDouble(), 2);
        }

        return TestTables.Make(
            TestTables.Coded("few", ColumnKind.Categorical, few), TestTables.Coded("many", ColumnKind.Categorical, many),
            TestTables.Coded("half", ColumnKind.Categorical, half), new NumericColumn(Grade, grade), TestTables.Numbers("code", ColumnKind.Integer, code),
            new NumericColumn(new() { Name = "day", Kind = ColumnKind.Date, Format = "dd.MM.yyyy" }, day), TestTables.Numbers("amount", ColumnKind.Decimal, amount, places: 2));
    }
}
