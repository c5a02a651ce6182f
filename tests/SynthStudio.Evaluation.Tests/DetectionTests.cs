using SynthStudio.Evaluation.Boosting;
using SynthStudio.Evaluation.Detection;
using SynthStudio.Evaluation.Encoding;

namespace SynthStudio.Evaluation.Tests;

[TestClass]
public sealed class DetectionTests
{
    [TestMethod]
    public void Folds_are_those_of_scikit_learn()
    {
        var table = new EncodedTable([], [], [], 8);

        CollectionAssert.AreEqual(new[] { 2, 0, 1, 0, 0, 1, 2, 1, 2, 0, 1, 0, 0, 1, 2, 2 }, new TwoSampleRows(table, table, 100, 5).FoldOf);
    }

    [TestMethod]
    public void Distinct_values_have_a_bin_each_and_many_share_them_evenly()
    {
        var few = new FeatureMatrix([3, 1, double.NaN, 2, 3], 5, 1);
        new FeatureBins(few).Apply(few);
        CollectionAssert.AreEqual(new[] { 2, 0, double.NaN, 1, 2 }, few.Values);

        var many = new FeatureMatrix([.. Enumerable.Range(0, 2550).Select(i => (double)i)], 2550, 1);
        new FeatureBins(many).Apply(many);
        Assert.IsTrue(many.Values.GroupBy(bin => bin).All(bin => bin.Count() is >= 9 and <= 11));
        Assert.AreEqual(254, many.Values.Max());
    }

    [TestMethod]
    public void Boosting_learns_from_missing_values_and_stops_when_it_no_longer_gets_better()
    {
        var random = new Random(1);
        var values = new double[4000];
        var labels = new float[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = random.NextDouble() < 0.5 ? double.NaN : random.NextDouble();
            labels[i] = double.IsNaN(values[i]) ? 1 : 0;
        }

        using var data = BoostingDataset.Create(new FeatureMatrix(values, values.Length, 1), labels);
        using var fit = data.Subset([.. Enumerable.Range(0, 2000)]);
        using var stop = data.Subset([.. Enumerable.Range(2000, 1000)]);
        using var test = data.Subset([.. Enumerable.Range(3000, 1000)]);
        var options = new BoostingOptions { Objective = BoostingObjective.Binary, Rounds = 50, Seed = 0 };

        var prediction = BoostedTrees.FitAndPredict(fit, stop, test, options, CancellationToken.None);

        Assert.HasCount(1000, prediction.Values);
        Assert.IsTrue(prediction.Values.Select((p, i) => (p > 0.5) == (labels[3000 + i] > 0)).All(right => right));
        Assert.IsGreaterThan(0, prediction.Gains[0]);
    }

    [TestMethod]
    public void A_tenth_of_many_rows_is_held_back_with_the_same_mix_of_classes()
    {
        int[] rows = [.. Enumerable.Range(0, 20_000)];

        var (fit, heldBack) = HeldBackSplit.Split(rows, row => row % 4 == 0 ? 1 : 0, 7);

        Assert.HasCount(2000, heldBack!);
        Assert.AreEqual(500, heldBack!.Count(row => row % 4 == 0));
        CollectionAssert.AreEqual(rows, fit.Concat(heldBack!).Order().ToArray());
        Assert.IsNull(HeldBackSplit.Split(rows[..10_000], null, 7).HeldBack);
    }
}
