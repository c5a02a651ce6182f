using SynthStudio.Synthesis.Autoregressive;
using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Autoregressive.Operations;
using SynthStudio.Synthesis.Autoregressive.Refinement;
using SynthStudio.Synthesis.Conditions;
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
        Assert.IsGreaterThan(
            0.85,
            hidden.Where(row => row % 4 == 0 && row % 3 != 0)
                .Share(row => Math.Abs(filled.Values("amount")[row] - 100 * (1 + Number(Fresh.Texts("size")[row]))) < 50));

        Assert.AreEqual(TestTables.Text([filled]), TestTables.Text([imputer.Impute(table, 1, CancellationToken.None)]));
        Assert.AreNotEqual(TestTables.Text([filled]), TestTables.Text([imputer.Impute(table, 2, CancellationToken.None)]));
    }

    [TestMethod]
    public void Cells_that_are_missing_together_are_drawn_as_rows_that_have_both()
    {
        // A day is known only where the flag is set: to have both, a row must have it set, of half of all rows.
        var table = TestTables.Make(Hide((CodedColumn)Fresh["flag"], 1), Hide((NumericColumn)Fresh["day"], 1));
        var filled = ShopModel.Trained.Require<IImputer>().Impute(table, 1, CancellationToken.None);
        Assert.IsFalse(Enumerable.Range(0, filled.RowCount).Any(row => filled["flag"].IsMissing(row) || filled["day"].IsMissing(row)));
        Assert.IsGreaterThan(0.9, Enumerable.Range(0, filled.RowCount).Share(row => filled.Texts("flag")[row] == "yes"));

        // The flag alone is as likely set as not: that the day is missing is not held against it.
        var flags = ShopModel.Trained.Require<IImputer>().Impute(TestTables.Make(table["flag"]), 1, CancellationToken.None);
        Assert.AreEqual(0.5, Enumerable.Range(0, flags.RowCount).Share(row => flags.Texts("flag")[row] == "yes"), 0.05);
    }

    [TestMethod]
    public void Filled_cells_have_the_networks_joint_distribution_given_that_all_are_there()
    {
        var trained = (AutoregressiveModel)ShopModel.Trained;
        var sampler = new AutoregressiveSampler(new InferenceNetwork(trained.Shape, trained.Weights));
        var (flag, size, day) = (trained.Codec.ModelledIndexOf("flag"), trained.Codec.ModelledIndexOf("size"), trained.Codec.ModelledIndexOf("day"));
        var joint = new JointTable(sampler, [.. Enumerable.Repeat(Cell.Unset, trained.Shape.Tokens.Count)], 1);

        // In the order in which the cells are drawn: the network's conditionals need not agree between orders.
        joint.Add(flag, null, null);
        joint.Add(size, null, null);

        // Half of the rows without a day are as good as those with one, so that draws are often, not always, refused.
        var days = trained.Codec.Columns[trained.Codec.Modelled[day]].Admit(Condition.NotMissing()).Shares;
        days[^1] = 0.5;
        joint.Weigh(day, days);

        const int rows = 20_000;
        var cells = Array.ConvertAll(new ushort[trained.Shape.Tokens.Count], _ => Enumerable.Repeat(Cell.Unset, rows).ToArray());
        var shares = new double[]?[cells.Length];
        shares[size] = [1, 1, 1];
        shares[flag] = [1, 1];
        shares[day] = days;
        new RowCompletion(sampler, RowRefinement.None(trained.Codec), shares, seed: 1).Complete(cells, first: 0);
        for (var i = 0; i < joint.Cells.Count; i++)
        {
            var share = Enumerable.Range(0, rows).Share(row => cells[flag][row] == joint.Cells[i][0] && cells[size][row] == joint.Cells[i][1]);
            Assert.AreEqual(joint.Weights[i] / joint.Weights.Sum(), share, 0.015);
        }
    }

    [TestMethod]
    public void A_column_of_one_value_is_filled_with_it()
    {
        var shop = TestTables.Shop(200);
        var land = TestTables.Coded("land", ColumnKind.Categorical, Enumerable.Repeat<string?>("AT", 200));
        var hours = TestTables.Numbers("hours", ColumnKind.Integer, Enumerable.Repeat(8.0, 200));
        using var trained = AutoregressiveTests.Fit(TestTables.Make([.. shop.Columns, land, hours]), steps: 1);
        var table = TestTables.Make(Fresh["colour"], Hide(TestTables.Coded("land", ColumnKind.Categorical, Enumerable.Repeat<string?>("AT", 2_000)), 2),
            Hide(TestTables.Numbers("hours", ColumnKind.Integer, Enumerable.Repeat(8.0, 2_000)), 3));
        var filled = trained.Require<IImputer>().Impute(table, 1, CancellationToken.None);
        Assert.IsTrue(filled.Texts("land").All(text => text == "AT") && filled.Values("hours").All(value => value == 8));
    }

    [TestMethod]
    public void Frequent_categories_beyond_those_that_are_learned_one_by_one_are_filled_in_too()
    {
        // 2,000 of eight rows each, and 1,000 of seven.
        string[] kept = [.. Enumerable.Range(0, 2_000).Select(i => $"top {i:D4}")];
        string[] further = [.. Enumerable.Range(0, 1_000).Select(i => $"further {i:D3}")];
        string[] texts =
            [.. kept.SelectMany(text => Enumerable.Repeat(text, 8)), .. further.SelectMany(text => Enumerable.Repeat(text, 7))];
        var half = TestTables.Coded("half", ColumnKind.Categorical, texts.Select((text, row) => $"{text[..1]}{row % 2}"));
        var codes = TestTables.Coded("code", ColumnKind.Categorical, texts);
        using var trained = AutoregressiveTests.Fit(TestTables.Make(codes, half), steps: 200);
        string?[] open = [.. Enumerable.Repeat<string?>(null, 500), "top 0000"];
        var table = TestTables.Make(
            TestTables.Coded("code", ColumnKind.Categorical, open),
            TestTables.Coded("half", ColumnKind.Categorical, open.Select((_, row) => $"f{row % 2}")));
        var filled = trained.Require<IImputer>().Impute(table, 1, CancellationToken.None).Texts("code");
        var count = filled.Count(text => text!.StartsWith("further", StringComparison.Ordinal));
        Assert.IsGreaterThan(25, count, "Training rows like these had no others.");
        Assert.IsEmpty(filled.Except([.. kept, .. further]));
    }

    [TestMethod]
    public void Predictions_are_the_true_conditionals()
    {
        var table = TestTables.Make(TestTables.Coded("colour", ColumnKind.Categorical, ["red", "blue"]));
        var predictor = ShopModel.Trained.Require<IPredictor>();
        var sizes = predictor.Predict(table, "size", [], CancellationToken.None).ToList();
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
        Refuses(SynthesisError.UnknownColumn, () => _ = ShopModel.Trained.Require<IPredictor>().Predict(Fresh, "weight", [], CancellationToken.None).ToList());
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
