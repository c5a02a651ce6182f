using SynthStudio.Synthesis.Boosting;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Tests.Boosting;

[TestClass]
public sealed class TreeBoosterTests
{
    private const int Bins = 12;

    [TestMethod]
    public void The_sum_of_the_trees_is_the_log_ratio_of_the_densities()
    {
        // Drawn rows are uniform on a square of bins; the others are four times as frequent near its diagonal as far from it.
        var (data, truth) = Square(30_000, seed: 1);
        var (trees, _) = Booster(data, seed: 2, threads: 2).Fit(Square(10_000, seed: 3).Data, CancellationToken.None);
        var scores = new float[data.Count];
        trees.AddTo(data.Bins, scores);
        var error = scores.Zip(truth, (score, ratio) => Math.Abs(score - ratio)).Average();
        Assert.IsLessThan(0.2, error);
        Assert.IsGreaterThan(0.5, truth.Average(Math.Abs));
    }

    [TestMethod]
    public void Sixty_four_rows_at_once_fall_into_the_leaves_that_they_fall_into_one_by_one()
    {
        var (data, _) = Square(5_003, seed: 4);
        var booster = Booster(data, seed: 5, threads: 1);
        var trees = ObliviousTrees.Join(5, [booster.Grow(), booster.Grow(), booster.Grow()]);
        var scores = new float[data.Count];
        trees.AddTo(data.Bins, scores);
        for (var row = 0; row < data.Count; row++)
        {
            float sum = 0;
            for (var tree = 0; tree < trees.Count; tree++) sum += trees.Leaves[(tree << 5) + trees.LeafOf(tree, data.Bins, row)];
            Assert.AreEqual(sum, scores[row]);
        }

        Assert.IsGreaterThan(8, scores.Distinct().Count());
    }

    [TestMethod]
    public void The_same_seed_grows_the_same_trees_on_any_number_of_threads()
    {
        var (data, _) = Square(4_000, seed: 6);
        var (one, two, other) = (Booster(data, 7, threads: 1).Grow(), Booster(data, 7, threads: 2).Grow(), Booster(data, 8, threads: 2).Grow());
        CollectionAssert.AreEqual(one.Leaves, two.Leaves);
        CollectionAssert.AreEqual(one.Features, two.Features);
        CollectionAssert.AreEqual(one.Thresholds, two.Thresholds);
        CollectionAssert.AreNotEqual(one.Leaves, other.Leaves);
    }

    [TestMethod]
    public void Classes_that_do_not_differ_are_hardly_told_apart()
    {
        var (data, _) = Square(8_000, seed: 9, ratio: 1);
        var (trees, scores) = Booster(data, seed: 10, threads: 2).Fit(Square(8_000, seed: 11, ratio: 1).Data, CancellationToken.None);
        Assert.IsLessThan(10, trees.Count);
        Assert.IsLessThan(0.15, scores.Max(MathF.Abs));
    }

    [TestMethod]
    public void A_cancelled_fit_stops()
    {
        var (data, _) = Square(1_000, seed: 12);
        Assert.ThrowsExactly<OperationCanceledException>(() => Booster(data, 13, 1).Fit(data, new CancellationToken(canceled: true)));
    }

    private static TreeBooster Booster(LabelledRows data, long seed, int threads) =>
        new(new BoostingPlan(), data, offset: 0, new SeededStream(seed, StreamPurpose.RefinementRows, 0), threads);

    /// <summary>Half of the rows of each class, two features and one that says nothing; and the true log ratio of each row.</summary>
    private static (LabelledRows Data, double[] Truth) Square(int rows, long seed, double ratio = 4)
    {
        var random = new SeededStream(seed, StreamPurpose.Codec, 0);
        var (bins, labels, truth) = (new[] { new byte[rows], new byte[rows], new byte[rows] }, new bool[rows], new double[rows]);

        // Of the 144 bins 34 are near the diagonal.
        const double near = 34 / 144.0;
        var inside = ratio * near / (ratio * near + 1 - near);
        for (var row = 0; row < rows; row++)
        {
            labels[row] = row % 2 == 0;
            int x, y;
            do (x, y) = (random.NextInt(Bins), random.NextInt(Bins));
            while (labels[row] && !(random.NextDouble() < (Near(x, y) ? 1 : 1 / ratio)));
            (bins[0][row], bins[1][row], bins[2][row]) = ((byte)x, (byte)y, (byte)random.NextInt(Bins));
            truth[row] = Math.Log(Near(x, y) ? inside / near : (1 - inside) / (1 - near));
        }

        return (new LabelledRows(bins, [Bins, Bins, Bins], labels), truth);

        static bool Near(int x, int y) => Math.Abs(x - y) < 2;
    }
}
