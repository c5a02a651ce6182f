using SynthStudio.Synthesis.GraphicalModel;

namespace SynthStudio.Synthesis.Tests.GraphicalModel;

/// <summary>Fitting finds the distribution that the measured marginals are of, and the most even one of those.</summary>
[TestClass]
public sealed class EstimationTests
{
    private static readonly EstimationOptions Thorough = new() { MostIterations = 20_000, Tolerance = 1e-9 };

    [TestMethod]
    public void Marginals_without_noise_are_met()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var source = BruteForce.RandomModel(seed);
            source.Calibrate();
            var domain = source.Tree.Domain;
            var measured = source.Tree.Nodes.Select((node, i) => new Measurement(node, [.. source.Probabilities[i].Select(p => 1_000 * p)], 1)).ToList();

            var fitted = new Estimation(domain, 1_000, []).Fit(measured, Thorough, CancellationToken.None);

            for (var node = 0; node < source.Tree.Nodes.Count; node++)
            {
                var at = fitted.Tree.NodeOf(source.Tree.Nodes[node]);
                var marginal = new double[source.Probabilities[node].Length];
                new Projection(domain, fitted.Tree.Nodes[at], source.Tree.Nodes[node]).Sum(fitted.Probabilities[at], marginal);
                Assert.IsLessThan(0.01, marginal.Zip(source.Probabilities[node], (p, q) => Math.Abs(p - q)).Sum(), $"seed {seed}");
            }
        }
    }

    [TestMethod]
    public void What_was_not_measured_together_is_independent()
    {
        var domain = new Domain([2, 2]);

        var model = new Estimation(domain, 100, []).Fit(
            [new Measurement(domain.Clique(0), [80, 20], 1), new Measurement(domain.Clique(1), [30, 70], 1)], Thorough, CancellationToken.None);

        Assert.AreEqual(0.8 * 0.3, new PairMarginals(model).Of(domain.Clique(0, 1))[0], 1e-3);
    }

    [TestMethod]
    public void Several_measurements_count_by_their_precision()
    {
        var domain = new Domain([2]);

        var model = new Estimation(domain, 100, []).Fit(
            [new Measurement(domain.Clique(0), [50, 50], 1), new Measurement(domain.Clique(0), [80, 20], 3)], Thorough, CancellationToken.None);

        Assert.AreEqual((50 + 80 / 9.0) / (1 + 1 / 9.0), 100 * model.Probabilities[0][0], 0.05);
    }

    [TestMethod]
    public void Cells_of_merged_counts_are_trusted_less()
    {
        var domain = new Domain([2]);

        var model = new Estimation(domain, 100, []).Fit(
            [new Measurement(domain.Clique(0), [60, 60], 1) { Merged = [1, 4] }], Thorough, CancellationToken.None);

        Assert.AreEqual(56, 100 * model.Probabilities[0][0], 0.05, "the surplus of 20 falls to the merged cell by four fifths");
    }

    [TestMethod]
    public void Negative_counts_and_wrong_totals_still_give_a_distribution()
    {
        var domain = new Domain([3, 2]);

        var model = new Estimation(domain, 10, []).Fit([new Measurement(domain.Clique(0, 1), [-4, 9, 0.5, -20, 7, 3], 2)], Thorough, CancellationToken.None);

        Assert.AreEqual(1, model.Probabilities[0].Sum(), 1e-9);
        Assert.IsTrue(model.Probabilities[0].All(p => p >= 0));
    }

    [TestMethod]
    public void Excluded_combinations_stay_out_whatever_was_measured()
    {
        var domain = new Domain([2, 2]);
        var zeros = new StructuralZeros(domain.Clique(0, 1), [0, double.NegativeInfinity, 0, 0]);

        var model = new Estimation(domain, 100, [zeros]).Fit([new Measurement(domain.Clique(0, 1), [10, 60, 10, 20], 1)], Thorough, CancellationToken.None);

        Assert.AreEqual(0, model.Probabilities[0][1]);
    }

    [TestMethod]
    public void A_later_fit_starts_where_the_earlier_ended()
    {
        var source = BruteForce.RandomModel(3);
        source.Calibrate();
        var measured = source.Tree.Nodes.Select((node, i) => new Measurement(node, [.. source.Probabilities[i].Select(p => 1_000 * p)], 1)).ToList();
        var estimation = new Estimation(source.Tree.Domain, 1_000, []);
        estimation.Fit(measured, Thorough, CancellationToken.None);
        var (first, loss) = (estimation.Iterations, estimation.Loss);

        estimation.Fit(measured, new EstimationOptions { MostIterations = 1 }, CancellationToken.None);

        Assert.IsGreaterThan(100, first);
        Assert.IsLessThanOrEqualTo(loss + 1e-9, estimation.Loss);
    }
}
