using SynthStudio.Synthesis.Operations;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests;

/// <summary>What one model can do with rows that someone brings, against the shop's true distribution.</summary>
[TestClass]
public sealed class OperationTests
{
    private const double Fits = 0.9 + 0.1 / 3;

    private static readonly Table Fresh = TestTables.Shop(2_000, seed: 2);

    [TestMethod]
    public void Imputation_fills_what_is_missing_and_touches_nothing_else()
    {
        var table = TestTables.Make(Hide((CodedColumn)Fresh["size"], 3), Fresh["colour"], Hide((NumericColumn)Fresh["amount"], 4), Fresh["flag"]);
        var imputer = ShopModel.Trained.Require<IImputer>();
        var filled = imputer.Impute(table, 1, CancellationToken.None);
        CollectionAssert.AreEqual(table.Schema.Columns.ToArray(), filled.Schema.Columns.ToArray());
        for (var row = 0; row < table.RowCount; row++)
        {
            Assert.IsFalse(filled["size"].IsMissing(row) || filled["amount"].IsMissing(row));
            if (row % 3 != 0) Assert.AreEqual(((CodedColumn)table["size"]).Text(row), ((CodedColumn)filled["size"]).Text(row));
            if (row % 4 != 0) Assert.AreEqual(table.Values("amount")[row], filled.Values("amount")[row]);
        }

        // A hidden size is known from the amount where that is seen, else from the colour; a hidden amount from the size.
        var hidden = Enumerable.Range(0, table.RowCount).ToArray();
        Assert.IsGreaterThan(0.93, hidden.Where(row => row % 3 == 0 && row % 4 != 0).Share(row => filled.Texts("size")[row] == Fresh.Texts("size")[row]));
        Assert.AreEqual(Fits, hidden.Where(row => row % 12 == 0).Share(row => Number(filled.Texts("size")[row]) == Number(Fresh.Texts("colour")[row])), 0.1);
        Assert.IsGreaterThan(0.85, hidden.Where(row => row % 4 == 0 && row % 3 != 0).Share(row => Math.Abs(filled.Values("amount")[row] - 100 * (1 + Number(Fresh.Texts("size")[row]))) < 50));

        Assert.AreEqual(TestTables.Text([filled]), TestTables.Text([imputer.Impute(table, 1, CancellationToken.None)]));
        Assert.AreNotEqual(TestTables.Text([filled]), TestTables.Text([imputer.Impute(table, 2, CancellationToken.None)]));
    }

    [TestMethod]
    public void Predictions_are_the_true_conditionals()
    {
        var table = TestTables.Make(TestTables.Coded("colour", ColumnKind.Categorical, ["red", "blue"]));
        var predictor = ShopModel.Trained.Require<IPredictor>();
        var sizes = predictor.Predict(table, "size", [], CancellationToken.None);
        Assert.AreEqual(Fits, sizes[0].Categories["small"], 0.065);
        Assert.AreEqual(Fits, sizes[1].Categories["large"], 0.065);
        Assert.AreEqual(1, sizes[0].Categories.Values.Sum() + sizes[0].Missing, 1e-4);

        var given = TestTables.Make(TestTables.Coded("size", ColumnKind.Categorical, ["large"]), TestTables.Coded("flag", ColumnKind.Boolean, ["no"]));
        var amount = predictor.Predict(given, "amount", [0.25, 0.5, 0.75], CancellationToken.None).Single();
        Assert.AreEqual(300, amount.Mean!.Value, 35);
        Assert.AreEqual(293.3, amount.Quantiles[0], 9);
        Assert.AreEqual(300, amount.Quantiles[1], 6);
        Assert.AreEqual(306.7, amount.Quantiles[2], 9);
        Assert.IsGreaterThan(0.93, predictor.Predict(given, "day", [], CancellationToken.None).Single().Missing);
    }

    [TestMethod]
    public void The_mean_log_likelihood_is_the_negative_entropy()
    {
        var table = TestTables.Make(Fresh["colour"], Fresh["size"]);
        var scores = ShopModel.Trained.Require<IRowScorer>().LogLikelihood(table, 2, 1, CancellationToken.None);
        var other = (1 - Fits) / 2;
        Assert.AreEqual(-Math.Log(3) + (Fits * Math.Log(Fits)) + (2 * other * Math.Log(other)), scores.Average(), 0.1);
    }

    [TestMethod]
    public void Odd_rows_score_lower()
    {
        var table = TestTables.Make(
            TestTables.Coded("colour", ColumnKind.Categorical, ["red", "red", "red"]),
            TestTables.Coded("size", ColumnKind.Categorical, ["small", "large", "gigantic"]),
            TestTables.Numbers("amount", ColumnKind.Decimal, [100, 100, 100], places: 2));
        var scores = ShopModel.Trained.Require<IRowScorer>().LogLikelihood(table, 3, 1, CancellationToken.None);
        Assert.IsGreaterThan(scores[1] + 4, scores[0]);
        Assert.IsGreaterThan(scores[2] + 4, scores[0]);
    }

    [TestMethod]
    public void Tables_and_columns_that_do_not_fit_are_refused()
    {
        var wrong = TestTables.Make(TestTables.Numbers("colour", ColumnKind.Integer, [1]));
        Refuses(SynthesisError.TableMismatch, () => ShopModel.Trained.Require<IImputer>().Impute(wrong, 1, CancellationToken.None));
        Refuses(SynthesisError.UnknownColumn, () => ShopModel.Trained.Require<IPredictor>().Predict(Fresh, "weight", [], CancellationToken.None));
        Refuses(SynthesisError.OptionOutOfRange, () => ShopModel.Trained.Require<IRowScorer>().LogLikelihood(Fresh, 0, 1, CancellationToken.None));
    }

    private static void Refuses(SynthesisError expected, Action action) =>
        Assert.AreEqual(expected, Assert.ThrowsExactly<SynthesisException>(action).Error);

    private static CodedColumn Hide(CodedColumn column, int every) =>
        new(column.Schema, [.. column.Codes.Select((code, row) => row % every == 0 ? CodedColumn.Missing : code)], column.Values);

    private static NumericColumn Hide(NumericColumn column, int every) =>
        new(column.Schema, [.. column.Values.Select((value, row) => row % every == 0 ? double.NaN : value)]);

    private static int Number(string? text) => text switch
    {
        "red" or "small" => 0,
        "green" or "medium" => 1,
        _ => 2,
    };
}
