namespace SynthStudio.Mock.Tests;

[TestClass]
public sealed class QuantilesTests
{
    private const int Levels = 200_000;

    [TestMethod]
    [DataRow(1.0)]
    [DataRow(30.0)]
    [DataRow(740.0)]
    [DataRow(800.0)]
    [DataRow(999.0)]
    [DataRow(5_000.0)]
    [DataRow(2_000_000.0)]
    public void Poisson_has_its_mean_and_the_same_variance(double mean)
    {
        var values = Values(mean);
        Assert.AreEqual(mean, values.Average(), 1e-3 * mean);
        Assert.AreEqual(mean, values.Average(value => (value - mean) * (value - mean)), 5e-3 * mean);
    }

    [TestMethod]
    public void Poisson_has_the_probabilities_of_the_formula()
    {
        var values = Values(3.5);
        var probability = Math.Exp(-3.5);
        for (var k = 0; k < 10; probability *= 3.5 / ++k) Assert.AreEqual(probability, values.Count(value => value == k) / (double)Levels, 2e-5);
        Assert.AreEqual(0, Quantiles.Poisson(1e-9)(0.5));
    }

    private static double[] Values(double mean)
    {
        var quantile = Quantiles.Poisson(mean);
        return [.. Enumerable.Range(0, Levels).Select(i => quantile((i + 0.5) / Levels))];
    }
}
