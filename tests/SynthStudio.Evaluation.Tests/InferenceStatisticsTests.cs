using SynthStudio.Evaluation.Accuracy;
using SynthStudio.Evaluation.Copies;
using SynthStudio.Evaluation.Distance;
using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Neighbours;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Tests;

/// <summary>Intervals, tests and distances against values from tables and from SciPy.</summary>
[TestClass]
public sealed class InferenceStatisticsTests
{
    [TestMethod]
    [DataRow(0, 10, 0, 0.2775)]
    [DataRow(5, 10, 0.2366, 0.7634)]
    [DataRow(10, 10, 0.7225, 1)]
    [DataRow(40, 1000, 0.0295, 0.0540)]
    public void Wilson_intervals_are_those_of_the_tables(int successes, int attempts, double low, double high)
    {
        var share = Estimate.OfShare(successes, attempts);

        Assert.AreEqual((double)successes / attempts, share.Value, 1e-12);
        Assert.AreEqual(low, share.Low, 1e-4);
        Assert.AreEqual(high, share.High, 1e-4);
    }

    [TestMethod]
    [DataRow(8, 2, 0.0546875)] // scipy.stats.binomtest(8, 10, alternative='greater')
    [DataRow(5, 5, 0.623046875)]
    [DataRow(0, 0, 1)]
    [DataRow(3, 0, 0.125)]
    [DataRow(600, 500, 0.00140977)]
    [DataRow(1100, 1000, 0.01536035)]
    public void Sign_tests_are_binomial_tails(int more, int less, double expected) =>
        Assert.AreEqual(expected, Significance.SignTest(more, less), Math.Max(1e-9, 1e-3 * expected * (more > 100 ? 1 : 0)));

    [TestMethod]
    [DataRow(23, 23, 2.0 / 3, 8.910479e-5)] // scipy.stats.binom.sf(successes - 1, trials, share)
    [DataRow(9, 40, 0.1, 0.015495)]
    [DataRow(0, 5, 0.9, 1)]
    [DataRow(5, 5, 1, 1)]
    public void Binomial_tails_are_exact(int successes, int trials, double share, double expected)
    {
        Assert.AreEqual(expected, Significance.BinomialTail(successes, trials, share), 1e-4 * expected);
        if (share < 1) Assert.AreEqual(expected, Significance.BinomialTails(trials, share)[successes], 1e-4 * expected);
    }

    [TestMethod]
    [DataRow(0, 0.5)]
    [DataRow(1.959964, 0.025)]
    [DataRow(3.090232, 0.001)]
    [DataRow(-1.281552, 0.9)]
    public void Normal_tails_are_those_of_the_tables(double z, double expected) => Assert.AreEqual(expected, Significance.UpperTail(z), 2e-6);

    [TestMethod]
    public void Far_tails_keep_their_relative_precision() => Assert.AreEqual(1, Significance.UpperTail(8) / 6.22096057427178e-16, 0.01);

    [TestMethod]
    public void Wasserstein_is_the_area_between_the_distribution_functions()
    {
        Assert.AreEqual(0.25, Divergence.Wasserstein([0, 1, 3], [0.25, 1.25, 3.25]), 1e-12);
        Assert.AreEqual(5, Divergence.Wasserstein([0, 1, 3], [5, 6, 8]), 1e-12); // scipy.stats.wasserstein_distance
        Assert.AreEqual(0.5, Divergence.Wasserstein([0, 1], [0, 0, 0, 0]), 1e-12);
    }

    [TestMethod]
    public void Jensen_Shannon_distance_is_that_of_SciPy()
    {
        BinnedColumn Column(params int[] codes) => new(codes, 3);

        Assert.AreEqual(1, Divergence.JensenShannon(Column(0, 0), Column(1, 1)), 1e-12); // scipy jensenshannon([1, 0], [0, 1], 2)
        Assert.AreEqual(0.5579230452841438, Divergence.JensenShannon(Column(0, 0), Column(0, 1)), 1e-12); // ([1, 0], [0.5, 0.5], 2)
        Assert.AreEqual(0, Divergence.JensenShannon(Column(0, 1, 2), Column(2, 1, 0)), 1e-12);
    }

    [TestMethod]
    public void Rank_correlation_shares_ranks_and_is_undefined_for_a_constant()
    {
        Assert.AreEqual(1, RankCorrelation.Spearman([1, 2, 3], [10, 100, 1000])!.Value, 1e-12);
        Assert.AreEqual(0.9486833, RankCorrelation.Spearman([1, 2, 2, 3], [1, 2, 3, 4])!.Value, 1e-6); // scipy.stats.spearmanr
        Assert.IsNull(RankCorrelation.Spearman([1, 1], [1, 2]));
    }

    [TestMethod]
    public void A_roc_curve_at_even_steps_encloses_the_area_that_ranks_say()
    {
        var random = new Random(4);
        var labels = Enumerable.Range(0, 4000).Select(_ => random.NextDouble() < 0.4).ToArray();
        var scores = labels.Select(positive => Math.Round(random.NextDouble() + (positive ? 0.3 : 0), 2)).ToArray();

        var curve = RocCurve.Of(labels, scores);

        var area = curve.Zip(curve.Skip(1), (left, right) => (left + right) / 2).Sum() / RocCurve.Steps;
        Assert.AreEqual(PredictionScores.AreaUnderCurve(labels, scores), area, 0.002);
        CollectionAssert.AreEqual(curve.Order().ToArray(), curve);
        Assert.AreEqual(1, curve[^1]);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(5)]
    [DataRow(4099)]
    public void The_nearest_few_rows_are_those_that_looking_at_all_of_them_finds(int referenceRows)
    {
        var tables = TableEncoder.Encode(People.Make(referenceRows, 1), People.Make(40, 2), null);
        var scales = NumberScale.OfAll(tables.Train);
        var (queries, reference) = (new GowerRows(tables.Synthetic, scales), new GowerRows(tables.Train, scales));

        var found = new NeighbourSearch(reference).Find(queries, 3, new ParallelOptions());

        for (var q = 0; q < queries.RowCount; q++)
        {
            var expected = Enumerable.Range(0, referenceRows).Select(r => GowerRows.Distance(queries, q, reference, r)).Order().Take(3).ToArray();
            Assert.HasCount(expected.Length, found[q]);
            for (var k = 0; k < expected.Length; k++) Assert.AreEqual(expected[k], found[q][k].Distance, 1e-6);
        }
    }

    [TestMethod]
    public void A_row_is_not_its_own_neighbour()
    {
        var tables = TableEncoder.Encode(People.Make(200, 1), People.Make(20, 2), null);
        var rows = new GowerRows(tables.Train, NumberScale.OfAll(tables.Train));

        var found = new NeighbourSearch(rows).Find(rows, 1, new ParallelOptions(), [.. Enumerable.Range(0, 200)]);

        Assert.IsFalse(found.Where((nearest, row) => nearest[0].Row == row).Any());
    }

    [TestMethod]
    public void Triples_are_all_of_them_or_as_many_as_wanted()
    {
        Assert.HasCount(35, AccuracyTriples.Sample(7, 500, 1));
        var some = AccuracyTriples.Sample(40, 500, 1);
        Assert.AreEqual(500, some.Distinct().Count());
        Assert.IsTrue(some.All(t => t.X < t.Y && t.Y < t.Z && t.Z < 40));
    }

    [TestMethod]
    public void The_strongest_of_equal_tests_is_one_test_and_of_nested_ones_less_than_their_number()
    {
        int[] people = [.. Enumerable.Range(0, 30)];
        bool IsMember(int person) => person is < 10 or (>= 20 and < 29);
        var alone = StrongestTest.Run([people], IsMember, 0.5, 1);
        var thrice = StrongestTest.Run([people, people, people], IsMember, 0.5, 1);
        var nested = StrongestTest.Run([people, people[..20], people[..10]], person => person is < 9 or (>= 10 and < 16), 0.5, 1);

        Assert.AreEqual(Significance.BinomialTail(19, 30, 0.5), alone.Strongest, 0.01);
        Assert.AreEqual(alone.Strongest, thrice.Strongest, 1e-9);
        Assert.IsGreaterThan(nested.PValues.Min(), nested.Strongest);
        Assert.IsLessThan(2.5 * nested.PValues.Min(), nested.Strongest);
    }

    [TestMethod]
    public void The_strongest_of_nested_tests_is_seldom_small_when_nothing_leaks()
    {
        var random = new Random(5);
        int[] people = [.. Enumerable.Range(0, 60)];
        var small = Enumerable.Range(0, 300).Count(_ =>
        {
            bool[] labels = [.. people.Select(_ => random.NextDouble() < 2.0 / 3)];
            return StrongestTest.Run([people, people[..40], people[..20]], person => labels[person], 2.0 / 3, 1).Strongest < 0.1;
        });

        Assert.IsLessThan(45, small, "Of 300, 30 or fewer are expected, with a deviation of 5.");
    }
}
