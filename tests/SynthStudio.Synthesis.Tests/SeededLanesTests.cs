using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Tests;

[TestClass]
public sealed class SeededLanesTests
{
    private const int Count = 200_000;

    [TestMethod]
    public void Uniform_numbers_lie_between_0_and_1_and_are_even()
    {
        var values = new float[Count];
        Lanes(1).FillUniform(values);
        Assert.IsTrue(values.All(u => u is > 0 and < 1));

        // Five standard deviations of a tenth's count.
        foreach (var tenth in values.GroupBy(u => (int)(u * 10)))
            Assert.AreEqual(Count / 10.0, tenth.Count(), 5 * Math.Sqrt(Count * 0.09), $"tenth {tenth.Key}");
    }

    [TestMethod]
    public void Normal_numbers_have_the_moments_of_the_normal_distribution_and_neighbours_are_unrelated()
    {
        var values = new float[Count];
        Lanes(1).FillNormal(values);
        foreach (var (power, moment, variance) in new[] { (1, 0.0, 1.0), (2, 1, 2), (3, 0, 15), (4, 3, 96) })
            Assert.AreEqual(moment, values.Average(x => Math.Pow(x, power)), 5 * Math.Sqrt(variance / Count), $"moment {power}");
        foreach (var lag in new[] { 1, 8, 16, 32 })
            Assert.AreEqual(0, values.Skip(lag).Zip(values, (a, b) => (double)a * b).Average(), 5 / Math.Sqrt(Count), $"lag {lag}");
    }

    [TestMethod]
    public void A_shorter_fill_is_the_beginning_of_a_longer_one_and_seeds_differ()
    {
        foreach (var count in new[] { 1, 16, 19, 40 })
        {
            var (few, many, others) = (new float[count], new float[64], new float[count]);
            Lanes(1).FillNormal(few);
            Lanes(1).FillNormal(many);
            Lanes(2).FillNormal(others);
            CollectionAssert.AreEqual(many[..count], few);
            CollectionAssert.AreNotEqual(others, few);
        }
    }

    private static SeededLanes Lanes(long seed) => new(new SeededStream(seed, StreamPurpose.Codec, 0));
}
