using SynthStudio.Synthesis.GraphicalModel;

namespace SynthStudio.Synthesis.Tests.GraphicalModel;

/// <summary>Belief propagation says what the sum over all rows says.</summary>
[TestClass]
public sealed class MarkovModelTests
{
    [TestMethod]
    public void Marginals_and_partition_are_those_of_all_rows()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var model = BruteForce.RandomModel(seed);
            var truth = new BruteForce(model);
            model.Calibrate();
            Assert.AreEqual(truth.LogPartition, model.LogPartition, 1e-9, $"seed {seed}");
            for (var node = 0; node < model.Tree.Nodes.Count; node++) AssertEqual(truth.Marginal(model.Tree.Nodes[node]), model.Probabilities[node], $"seed {seed}");
        }
    }

    [TestMethod]
    public void Pairs_that_no_clique_holds_are_those_of_all_rows()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var model = BruteForce.RandomModel(seed);
            var truth = new BruteForce(model);
            model.Calibrate();
            var pairs = new PairMarginals(model);
            var domain = model.Tree.Domain;
            for (var a = 0; a < domain.Attributes; a++)
                for (var b = a + 1; b < domain.Attributes; b++)
                    AssertEqual(truth.Marginal(domain.Clique(a, b)), pairs.Of(domain.Clique(a, b)), $"seed {seed}, {a} and {b}");
        }
    }

    [TestMethod]
    public void A_cell_that_is_forbidden_has_no_probability_anywhere()
    {
        var domain = new Domain([2, 3, 2]);
        var model = new MarkovModel(JunctionTree.Of(domain, [domain.Clique(0, 1), domain.Clique(1, 2)]));
        var node = model.Tree.NodeOf(domain.Clique(0, 1));
        model.Potentials[node][0] = double.NegativeInfinity;
        model.Potentials[node][2] = double.NegativeInfinity;

        model.Calibrate();

        Assert.AreEqual(Math.Log(8), model.LogPartition, 1e-12);
        Assert.AreEqual((0.0, 0.0), (model.Probabilities[node][0], model.Probabilities[node][2]));
        foreach (var table in model.Probabilities) Assert.AreEqual(1, table.Sum(), 1e-12);
    }

    [TestMethod]
    public void A_model_without_a_possible_row_is_refused()
    {
        var domain = new Domain([2, 2]);
        var model = new MarkovModel(JunctionTree.Of(domain, [domain.Clique(0, 1)]));
        Array.Fill(model.Potentials[0], double.NegativeInfinity);

        Assert.ThrowsExactly<ArithmeticException>(model.Calibrate);
    }

    [TestMethod]
    public void Potentials_of_any_size_do_not_overflow()
    {
        var domain = new Domain([3, 3]);
        var model = new MarkovModel(JunctionTree.Of(domain, [domain.Clique(0), domain.Clique(1)]));
        Array.Fill(model.Potentials[0], 5_000);
        model.Potentials[1][0] = -5_000;

        model.Calibrate();

        Assert.AreEqual(5_000 + Math.Log(6), model.LogPartition, 1e-9);
    }

    private static void AssertEqual(double[] expected, double[] actual, string message)
    {
        for (var cell = 0; cell < expected.Length; cell++) Assert.AreEqual(expected[cell], actual[cell], 1e-10, message);
    }
}
