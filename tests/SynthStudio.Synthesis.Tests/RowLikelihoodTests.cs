using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Operations;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests;

/// <summary>Rows that are outliers by their numbers, missing cells or constants, where every cell is as likely as any other.</summary>
[TestClass]
public sealed class RowLikelihoodTests
{
    private const int Rows = 2_000;

    private static ITabularModel model = null!;

    [ClassInitialize]
    public static void Train(TestContext context) => model = AutoregressiveTests.Fit(Make(Rows), steps: 100);

    [ClassCleanup]
    public static void Dispose() => model.Dispose();

    [TestMethod]
    public void Numbers_out_of_range_or_where_training_had_few_score_lower()
    {
        var scores = Score("income", 2_000, 2_010, 6_000, 1e6, -1e6);
        Assert.AreEqual(scores[0], scores[1], 3);
        Assert.IsLessThan(scores[0] - 1.5, scores[2], "in the sparse tail");
        Assert.IsLessThan(scores[0] - 4, scores[3]);
        Assert.AreEqual(scores[3], scores[4], 1e-9);
    }

    [TestMethod]
    public void A_number_between_single_values_scores_as_one_that_never_was()
    {
        var scores = Score("code", 10, 20, 15, 99);
        Assert.AreEqual(scores[0], scores[1], 1.5);
        Assert.IsLessThan(scores[0] - 4, scores[2]);
        Assert.AreEqual(scores[3], scores[2], 1e-9);
    }

    [TestMethod]
    public void A_missing_value_where_training_had_none_costs_half_a_row() =>
        Assert.AreEqual(Math.Log(0.5 / Rows), Score("income", double.NaN)[0] - Score("", 0)[0], 1e-6);

    [TestMethod]
    public void Another_value_than_that_of_a_constant_column_costs_half_a_row()
    {
        var usual = Score("", 0)[0];
        Assert.AreEqual(usual, Score("eight", 8)[0], 1e-6);
        Assert.AreEqual(usual + Math.Log(0.5 / Rows), Score("eight", 9)[0], 1e-6);
        Assert.AreEqual(usual + Math.Log(0.5 / Rows), Score("eight", double.NaN)[0], 1e-6);
        var land = TestTables.Make(TestTables.Coded("land", ColumnKind.Categorical, ["AT", "DE", null]), TestTables.Numbers("code", ColumnKind.Integer, [10, 10, 10]));
        var scores = model.Require<IRowScorer>().LogLikelihood(land, 1, 1, CancellationToken.None);
        Assert.AreEqual(usual, scores[0], 1e-6);
        Assert.AreEqual(scores[1], scores[2], 1e-9);
        Assert.IsLessThan(scores[0] - 4, scores[1]);
    }

    [TestMethod]
    public void Densities_of_what_can_be_written_sum_to_one()
    {
        var column = (NumericColumn)Make(Rows)["income"];
        var codec = NumericCodec.Fit(column, threshold: 5);
        var mass = new double[codec.Cells.Length];
        for (var value = codec.Low; value <= codec.High; value++)
        {
            var cell = codec.Encode(TestTables.Numbers("income", ColumnKind.Integer, [value]))[0];
            mass[cell] += Math.Exp(codec.LogShare(value));
        }

        // A cell that ends on a whole number shares it with the next one.
        Assert.AreEqual(1, mass.Average(), 0.1);
    }

    /// <summary>Scores of rows that have a code of 10 and these values of another column, or these codes.</summary>
    private static double[] Score(string column, params double[] values)
    {
        var code = TestTables.Numbers("code", ColumnKind.Integer, column == "code" ? values : [.. values.Select(_ => 10.0)]);
        var table = column is "" or "code" ? TestTables.Make(code) : TestTables.Make(code, TestTables.Numbers(column, ColumnKind.Integer, values));
        return model.Require<IRowScorer>().LogLikelihood(table, 1, 1, CancellationToken.None);
    }

    private static Table Make(int rows)
    {
        var random = new SeededStream(5, StreamPurpose.Codec, 77);
        double[] income = new double[rows], code = new double[rows];
        for (var i = 0; i < rows; i++)
        {
            income[i] = Math.Round(2_000 * Math.Exp(0.5 * random.NextGaussian()));
            code[i] = 10 * (1 + random.NextInt(3));
        }

        return TestTables.Make(
            TestTables.Numbers("income", ColumnKind.Integer, income), TestTables.Numbers("code", ColumnKind.Integer, code),
            TestTables.Numbers("eight", ColumnKind.Integer, Enumerable.Repeat(8.0, rows)),
            TestTables.Coded("land", ColumnKind.Categorical, Enumerable.Repeat<string?>("AT", rows)));
    }
}
