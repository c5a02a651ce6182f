using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Tests;

/// <summary>Golden figures are those of NumPy 1.24, scikit-learn 1.2 and mostlyai-qa.</summary>
[TestClass]
public sealed class StatisticsTests
{
    [TestMethod]
    public void Random_rows_are_those_of_NumPy()
    {
        CollectionAssert.AreEqual(new[] { 2, 8, 4, 9, 1, 6, 7, 3, 0, 5 }, new RandomState(0).Permutation(10));
        CollectionAssert.AreEqual(new[] { 46730, 48393, 41416, 34506, 43725 }, RowSample.Draw(70_000, 5, 42));
    }

    [TestMethod]
    public void Kolmogorov_Smirnov_counts_ties_together()
    {
        Assert.AreEqual(0.5, KolmogorovSmirnov.Statistic([1, 2, 2, 4], [2, 4, 4, 4]), 1e-12);
        Assert.AreEqual(1, KolmogorovSmirnov.Statistic([1, 2], [3, 4, 5]), 1e-12);
        Assert.AreEqual(0, KolmogorovSmirnov.Statistic([1, 1, 2, 2], [1, 2]), 1e-12);
    }

    [TestMethod]
    public void Total_variation_of_pairs_is_the_same_counted_densely_or_not()
    {
        var random = new Random(1);
        BinnedColumn Column(int size, int offset) => new([.. Enumerable.Range(0, 500).Select(_ => offset + random.Next(4))], size);
        BinnedColumn[] columns = [Column(8, 0), Column(8, 1), Column(8, 2), Column(8, 1)];
        var wide = Array.ConvertAll(columns, column => column with { Size = 3000 });

        var dense = Contingency.TotalVariation(columns[0], columns[1], columns[2], columns[3]);

        Assert.IsGreaterThan(0.4, dense);
        Assert.AreEqual(dense, Contingency.TotalVariation(wide[0], wide[1], wide[2], wide[3]), 1e-12);
        Assert.AreEqual(1, Contingency.TotalVariation(new BinnedColumn([0, 0], 2), new BinnedColumn([1], 2)), 1e-12);
    }

    [TestMethod]
    public void Cramers_v_is_not_corrected()
    {
        var v = Contingency.CramersV(new BinnedColumn([0, 0, 1, 1, 2, 2, 2, 0], 5), new BinnedColumn([1, 1, 0, 0, 2, 2, 0, 1], 3));

        Assert.AreEqual(0.8498365855987974, v, 1e-12);
    }

    [TestMethod]
    public void Correlation_looks_at_complete_rows_only()
    {
        var complete = Correlation.Between(new Correlation([1, 2, 4]), new Correlation([3, 5, 4]));
        var gappy = Correlation.Between(new Correlation([1, 9, 2, 4, double.NaN]), new Correlation([3, double.NaN, 5, 4, 7]));

        Assert.AreEqual(complete!.Value, gappy!.Value, 1e-12);
        Assert.AreEqual(0.3273268353539886, complete.Value, 1e-12);
        Assert.IsNull(Correlation.Between(new Correlation([0.1, 0.1, 0.1]), new Correlation([1, 2, 3])));
        Assert.IsNull(Correlation.Between(new Correlation([1, 1, double.NaN]), new Correlation([1, 2, 3])));
    }

    [TestMethod]
    [DataRow(1e-200), DataRow(1e200), DataRow(double.MaxValue / 4)]
    public void A_correlation_knows_no_units(double unit)
    {
        var correlation = Correlation.Between(new Correlation([unit, 2 * unit, 4 * unit, double.NaN]), new Correlation([3, 5, 4, 4]));
        Assert.AreEqual(0.3273268353539886, correlation!.Value, 1e-12);
    }

    [TestMethod]
    public void Scores_that_are_no_numbers_are_equal()
    {
        Assert.AreEqual(0.5, PredictionScores.AreaUnderCurve([true, false, true, false], [double.NaN, double.NaN, double.NaN, double.NaN]), 1e-12);
        Assert.AreEqual(1, PredictionScores.AreaUnderCurve([true, false, false], [0.1, double.NaN, double.NaN]), 1e-12);
        Assert.AreEqual(1, RocCurve.Of([true, false, false], [0.1, double.NaN, double.NaN])[0], 1e-12);
    }

    [TestMethod]
    public void Equal_width_bins_put_the_greatest_and_missing_values_into_an_eleventh()
    {
        var bins = new EqualWidthBins([1, 4, 7], openEnded: false);

        CollectionAssert.AreEqual(new[] { 1, 6, 11, 11, 0, 11 }, bins.Apply([1, 4, 7, double.NaN, 0, 8]).Codes);
        CollectionAssert.AreEqual(new[] { 1, 10, 10, 11 }, new EqualWidthBins([1, 4, 7], openEnded: true).Apply([0, 7, 80, double.NaN]).Codes);
    }

    [TestMethod]
    public void Quantile_bins_are_those_of_mostlyai_qa()
    {
        // Edges 0, 2, 5, 7, ... 22, 25; then a spike at 0 with edges 0, 0.1, 1.6, ... 12.1, 13.7.
        var even = new QuantileBins([.. Enumerable.Range(0, 101).Select(i => i / 4.0)]);
        CollectionAssert.AreEqual(new[] { 1, 1, 2, 10, 10, 10, 0 }, even.Apply([-5, 1.99, 2, 22, 25, 99, double.NaN]).Codes);

        var spike = new QuantileBins([.. new double[500], .. Enumerable.Range(1, 100).Select(i => i * 0.137)]);
        CollectionAssert.AreEqual(new[] { 1, 1, 2, 3, 10 }, spike.Apply([0, 0.09, 0.1, 1.6, 13.7]).Codes);

        var few = new QuantileBins([1, 2, 2, 5]);
        CollectionAssert.AreEqual(new[] { 1, 2, 2, 3, 3 }, few.Apply([1, 2, 4, 5, 9]).Codes);
    }

    [TestMethod]
    public void Prediction_scores_are_those_of_scikit_learn()
    {
        Assert.AreEqual(0.75, PredictionScores.AreaUnderCurve([false, false, true, true, true], [0.1, 0.4, 0.4, 0.8, 0.2]), 1e-12);
        var half = Enumerable.Range(0, 300_000).Select(i => i % 2 == 0).ToArray();
        Assert.AreEqual(0.5, PredictionScores.AreaUnderCurve(half, new double[half.Length]), 1e-12);
        Assert.AreEqual(0.611111111111111, PredictionScores.MacroF1([0, 0, 1, 2, 2], [0, 1, 1, 2, 1]), 1e-12);
        Assert.AreEqual(0, PredictionScores.RSquared([1, 2, 3], [2, 2, 2]), 1e-12);
        Assert.AreEqual(1, PredictionScores.RSquared([1, 2, 3], [1, 2, 3]), 1e-12);
        Assert.AreEqual(0, PredictionScores.RSquared([2, 2, 2], [1, 2, 3]));
        Assert.AreEqual(1, PredictionScores.RSquared([2, 2], [2, 2]));
    }

    [TestMethod]
    [DataRow("1.0", "1")]
    [DataRow("-0.0", "0")]
    [DataRow("0.50", "0.5")]
    [DataRow("007.0", "007.0")]
    [DataRow("1.0.0", "1.0.0")]
    [DataRow("TRUE", "true")]
    [DataRow("Graz", "Graz")]
    public void Categories_have_one_spelling(string text, string canonical) => Assert.AreEqual(canonical, CategoryText.Canonical(text));

    [TestMethod]
    public void The_minimum_of_a_bent_valley_is_found()
    {
        // Rosenbrock's function: its minimum is at (1, 1).
        var found = LimitedMemoryBfgs.Minimise(2, (x, gradient) =>
        {
            var (a, b) = (1 - x[0], x[1] - (x[0] * x[0]));
            gradient[0] = (-2 * a) - (400 * x[0] * b);
            gradient[1] = 200 * b;
            return (a * a) + (100 * b * b);
        }, 100, 1e-8, CancellationToken.None);

        Assert.AreEqual(1, found[0], 1e-6);
        Assert.AreEqual(1, found[1], 1e-6);
    }
}
