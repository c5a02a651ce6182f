using SynthStudio.Privacy.Calibration;
using SynthStudio.Privacy.Concentrated;
using SynthStudio.Privacy.Events;
using SynthStudio.Privacy.Loss;
using SynthStudio.Privacy.Renyi;

namespace SynthStudio.Privacy.Tests;

/// <summary>Figures that others published, by library or paper.</summary>
[TestClass]
public sealed class PublishedValueTests
{
    /// <summary>From the tests of Opacus, computed there with Microsoft's PRV accountant: upper bounds that carry its error of 0.01.</summary>
    [TestMethod]
    [DataRow(0.8, 0.001, 100, 0.2704033640580187)]
    [DataRow(1.5, 0.05, 1000, 6.209969246577267)]
    [DataRow(2.0, 0.2, 100, 5.6720556088237295)]
    [DataRow(3.0, 0.001, 50000, 0.309694161156544)]
    [DataRow(2.0, 0.05, 50000, 45.23699586133069)]
    public void Loss_distributions_lie_just_below_prv_upper_bounds(double sigma, double q, int steps, double upper)
    {
        var epsilon = new PldAccountant().Epsilon(new PoissonSampledEvent(q, new GaussianEvent(sigma)).Times(steps), 1e-6);

        Assert.IsLessThan(upper, epsilon);
        Assert.IsGreaterThan(upper - 0.0125, epsilon);
    }

    /// <summary>From the tests of Opacus.</summary>
    [TestMethod]
    public void Renyi_epsilon_is_that_of_opacus() =>
        Assert.AreEqual(7.32911117143, new RdpAccountant().Epsilon(new PoissonSampledEvent(0.04, new GaussianEvent(1.5)).Times(2250), 1e-5), 1e-9);

    /// <summary>From the tests of Google's dp_accounting, whose series is a loose upper bound at small fractional orders.</summary>
    [TestMethod]
    public void Renyi_curve_is_that_of_dp_accounting()
    {
        var curve = new RdpAccountant([1.5, 2.5, 5, 50, 100]).Curve(new PoissonSampledEvent(0.01, new GaussianEvent(2.5)).Times(50));

        double[] published = [6.70579741e-4, 1.08548710e-3, 2.18075656e-3, 2.38460375e-2, 167.416308];
        Assert.IsInRange(0.95 * published[0], published[0], curve.Values[0]);
        for (var i = 1; i < published.Length; i++) Assert.AreEqual(published[i], curve.Values[i], 1e-2 * published[i]);
        var flat = new RdpCurve([.. Enumerable.Range(2, 31).Select(a => (double)a)], [.. Enumerable.Repeat(1.1, 31)]).Epsilon(1e-5);
        Assert.AreEqual(1.32783806176, flat.Epsilon, 1e-9);
        Assert.AreEqual(32, flat.Order);
    }

    /// <summary>From the tests of Google's dp_accounting.</summary>
    [TestMethod]
    public void Loss_distributions_of_other_mechanisms_are_those_of_dp_accounting()
    {
        var pld = new PldAccountant();
        Assert.AreEqual(0.126936, pld.Delta(new GaussianEvent(Math.Sqrt(3)).Times(3), 1), 1e-6);
        Assert.AreEqual(0.38914, pld.TruePositiveRate(new GaussianEvent(Math.Sqrt(3)).Times(3), 0.1), 1e-4);
        Assert.AreEqual(0.15594, pld.Delta(new PoissonSampledEvent(0.2, new GaussianEvent(0.5)).Times(3), 1), 1e-4);
        Assert.AreEqual(4, pld.Epsilon(new ComposedEvent([new LaplaceEvent(1).Times(3), new LaplaceEvent(2).Times(2)]), 1e-14), 1e-3);
        Assert.AreEqual(2.46964, pld.Epsilon(new PoissonSampledEvent(0.2, new LaplaceEvent(0.5)).Times(3), 1e-14), 1e-3);
    }

    /// <summary>Connect-the-dots masses at h = 1 from the tests of Google's dp_accounting: sigma 1, q 0.8, both directions.</summary>
    [TestMethod]
    public void Coarse_masses_agree_inside_the_range()
    {
        var removed = ConnectTheDots.Of(new SampledGaussianRatio(0.8, 1), Adjacency.Remove, 1);
        var added = ConnectTheDots.Of(new SampledGaussianRatio(0.8, 1), Adjacency.Add, 1);

        // Both tables read the same curve: delta at a grid point does not depend on where the tails were cut.
        Assert.AreEqual(new SampledProfile(new GaussianCurve(1), 0.8, Adjacency.Remove).Delta(1), removed.Delta(1), 1e-12);
        Assert.AreEqual(new SampledProfile(new GaussianCurve(1), 0.8, Adjacency.Add).Delta(1), added.Delta(1), 1e-12);
        Assert.AreEqual(new SampledProfile(new GaussianCurve(1), 0.8, Adjacency.Remove).Delta(0), removed.Delta(0), 1e-12);
        Assert.AreEqual(new SampledProfile(new GaussianCurve(1), 0.8, Adjacency.Add).Delta(-2), added.Delta(-2), 1e-12);
    }

    /// <summary>From the tests of jax_privacy and dp_accounting: the smallest noise, and the most steps.</summary>
    [TestMethod]
    public void Calibration_finds_published_parameters()
    {
        Assert.AreEqual(
            0.67379294682,
            NoiseCalibration.NoiseMultiplier(s => new PoissonSampledEvent(0.01, new GaussianEvent(s)), new PldAccountant(), 1, 1e-5), 1e-4);

        var step = new PoissonSampledEvent(0.1, new GaussianEvent(3));
        Assert.IsLessThanOrEqualTo(2.0, new PldAccountant().Epsilon(step.Times(155), 1e-6));
        Assert.IsGreaterThan(2.0, new PldAccountant().Epsilon(step.Times(156), 1e-6));
    }

    /// <summary>NIST SP 800-226 (initial public draft), figure 6, with the improved conversion.</summary>
    [TestMethod]
    [DataRow(0.1, 1e-2, 0.978754757625594)]
    [DataRow(0.1, 1e-20, 4.198874531849164)]
    public void Concentrated_dp_converts(double rho, double delta, double epsilon) =>
        Assert.AreEqual(epsilon, ZeroConcentrated.Epsilon(rho, delta), 1e-9);

    private sealed class GaussianCurve(double sigma) : PrivacyProfile
    {
        public override double LeastLoss => -GreatestLoss;

        public override double GreatestLoss => 20 / sigma;

        public override double Delta(double epsilon) => Math.Exp(Gaussian.AnalyticGaussian.LogDelta(sigma, epsilon));
    }
}
