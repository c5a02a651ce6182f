using SynthStudio.Synthesis.Autoregressive;
using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Autoregressive.Operations;
using SynthStudio.Synthesis.Autoregressive.Refinement;
using SynthStudio.Synthesis.Boosting;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Operations;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Refinement;

/// <summary>Rows that someone brings, to a model whose trees know a column better than its network, which knows nothing of how columns hang together.</summary>
[TestClass]
public sealed class RefinedOperationsTests
{
    private const int Rows = 5_000;

    private static readonly Table Fresh = AgreementTable.Make(Rows, 9);

    private static ITabularModel model = null!, without = null!;

    [ClassInitialize]
    public static void Train(TestContext context)
    {
        model = RidgeTable.Untrained(AgreementTable.Make(4_000, 1), refine: true);
        without = Synthesizers.Load(AgreementTable.WithoutResamplers(AutoregressiveTests.Save(model)), Device.Cpu);
    }

    [ClassCleanup]
    public static void Dispose()
    {
        model.Dispose();
        without.Dispose();
    }

    [TestMethod]
    public void A_column_is_predicted_by_trees_that_know_more_of_it_than_the_network()
    {
        // The entropy of what is told wrong in one row of twenty is .199 nats, of a coin .693.
        Assert.IsLessThan(0.25, LogLoss(model));
        Assert.IsGreaterThan(0.65, LogLoss(without));
        var predicted = Predict(model, Fresh, "same");
        var sure = Enumerable.Range(0, Rows).Where(row => predicted[row].Categories["yes"] > 0.9).ToArray();
        Assert.AreEqual(sure.Average(row => predicted[row].Categories["yes"]), sure.Share(row => AgreementTable.Same(Fresh, row)), 0.02, "as sure as it is right");
        Assert.IsTrue(predicted.All(prediction => Math.Abs(prediction.Categories.Values.Sum() - 1) < 1e-6 && prediction.Missing == 0));

        static double LogLoss(ITabularModel model) => Predict(model, Fresh, "same")
            .Select((prediction, row) => -Math.Log(prediction.Categories[AgreementTable.Same(Fresh, row) ? "yes" : "no"])).Average();
    }

    [TestMethod]
    public void What_trees_cannot_tell_the_network_does()
    {
        var half = TestTables.Make(Fresh["a"], Hide((NumericColumn)Fresh["b"], 2));
        var (refined, plain) = (Predict(model, half, "same"), Predict(without, half, "same"));
        for (var row = 0; row < Rows; row++)
        {
            if (row % 2 == 0) Assert.AreEqual(plain[row].Categories["yes"], refined[row].Categories["yes"]);
            else Assert.AreNotEqual(plain[row].Categories["yes"], refined[row].Categories["yes"]);
        }

        CollectionAssert.AreEqual(Predict(without, Fresh, "a").Select(p => p.Mean).ToArray(), Predict(model, Fresh, "a").Select(p => p.Mean).ToArray());
        CollectionAssert.AreEqual(Score(without), Score(model), "the log-likelihood is the network's");

        static double[] Score(ITabularModel model) => model.Require<IRowScorer>().LogLikelihood(Fresh, 2, 1, CancellationToken.None);
    }

    [TestMethod]
    public void A_missing_cell_is_drawn_again_and_a_known_one_is_not()
    {
        var table = TestTables.Make(Hide((CodedColumn)Fresh["same"], 2), Fresh["a"], Hide((NumericColumn)Fresh["b"], 3));
        var (refined, plain) = (Impute(model, table, 3), Impute(without, table, 3));
        for (var row = 0; row < Rows; row++)
        {
            Assert.IsFalse(refined["same"].IsMissing(row) || refined["b"].IsMissing(row));
            if (row % 2 != 0) Assert.AreEqual(AgreementTable.Same(Fresh, row), AgreementTable.Same(refined, row));
            if (row % 3 != 0) Assert.AreEqual(Fresh.Values("b")[row], refined.Values("b")[row]);
        }

        CollectionAssert.AreEqual(plain.Values("b"), refined.Values("b"), "a column that is not drawn again is drawn alike");

        // Also where the number was drawn a moment before.
        foreach (var rows in new[] { Every(2, apart: 3), Every(6) })
        {
            Assert.AreEqual(0.95, rows.Share(row => AgreementTable.Agrees(refined, row)), 0.03);
            Assert.AreEqual(0.5, rows.Share(row => AgreementTable.Agrees(plain, row)), 0.06);
        }
    }

    [TestMethod]
    public void Equal_seeds_fill_equal_values_and_others_others()
    {
        var table = Hidden();
        var filled = TestTables.Text([Impute(model, table, 3)]);
        using var loaded = Synthesizers.Load(AutoregressiveTests.Save(model), Device.Cpu);
        Assert.AreEqual(filled, TestTables.Text([Impute(loaded, table, 3)]));
        Assert.AreNotEqual(filled, TestTables.Text([Impute(model, table, 4)]));
    }

    [TestMethod]
    public void A_row_is_filled_and_predicted_alike_whatever_rows_are_beside_it()
    {
        var trained = (AutoregressiveModel)model;
        var network = new InferenceNetwork(trained.Shape, trained.Weights);
        var (sampler, table) = (new AutoregressiveSampler(network), Hidden());
        var refinement = RowRefinement.None(trained.Codec) with
        {
            Resamplers = [new ColumnResampler(0, [1, 2], 0, 1, 0.3f, new ObliviousTrees(1, [1], [60], [-0.5f, 0.5f]))],
        };
        var filled = TestTables.Text([Filled(table, 5_000)]);
        var predicted = Predicted(5_000);
        foreach (var blockRows in new[] { 1, 77, 4_096 })
        {
            Assert.AreEqual(filled, TestTables.Text([Filled(table, blockRows)]));
            CollectionAssert.AreEqual(predicted, Predicted(blockRows));
        }

        // The first rows alone, and a row of which others beside it miss less.
        int[] some = [.. Enumerable.Range(0, 1_000)];
        Assert.AreEqual(TestTables.Text([Filled(table, 4_096).Take(some)]), TestTables.Text([Filled(table.Take(some), 4_096)]));
        var rest = TestTables.Make(Only((CodedColumn)table["same"], 30), Only((NumericColumn)table["a"], 30), Only((NumericColumn)table["b"], 30));
        Assert.AreEqual(TestTables.Text([Filled(table, 4_096).Take([30])]), TestTables.Text([Filled(rest, 4_096).Take([30])]));

        Table Filled(Table from, int blockRows) => new Imputation(trained.Codec, sampler, refinement, 2, blockRows).Run(from, 3, CancellationToken.None);

        double[] Predicted(int blockRows) =>
            [.. new ColumnPrediction(trained.Codec, sampler, refinement, 2, blockRows)
                .Run(table, "same", [], CancellationToken.None)
                .Select(p => p.Categories["yes"])];
    }

    private static Table Hidden() => TestTables.Make(Hide((CodedColumn)Fresh["same"], 2), Hide((NumericColumn)Fresh["a"], 5), Hide((NumericColumn)Fresh["b"], 3));

    /// <summary>The column, whole but for one row.</summary>
    private static CodedColumn Only(CodedColumn hidden, int open) =>
        new(hidden.Schema, [.. ((CodedColumn)Fresh[hidden.Name]).Codes.Select((code, row) => row == open ? hidden.Codes[row] : code)], hidden.Values);

    private static NumericColumn Only(NumericColumn hidden, int open) =>
        new(hidden.Schema, [.. Fresh.Values(hidden.Name).Select((value, row) => row == open ? hidden.Values[row] : value)]);

    private static int[] Every(int step, int apart = int.MaxValue) =>
        [.. Enumerable.Range(0, Rows).Where(row => row % step == 0 && (apart == int.MaxValue || row % apart != 0))];

    private static List<Prediction> Predict(ITabularModel model, Table table, string column) =>
        [.. model.Require<IPredictor>().Predict(table, column, [], CancellationToken.None)];

    private static Table Impute(ITabularModel model, Table table, long seed) => model.Require<IImputer>().Impute(table, seed, CancellationToken.None);

    private static CodedColumn Hide(CodedColumn column, int every) =>
        new(column.Schema, [.. column.Codes.Select((code, row) => row % every == 0 ? CodedColumn.Missing : code)], column.Values);

    private static NumericColumn Hide(NumericColumn column, int every) =>
        new(column.Schema, [.. column.Values.Select((value, row) => row % every == 0 ? double.NaN : value)]);
}
