using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Tests.Mixed;

[TestClass]
public sealed class RowSoftmaxTests
{
    [TestMethod]
    public void Shares_are_those_of_the_formula_and_what_follows_is_left_alone()
    {
        var random = new SeededStream(1, StreamPurpose.Codec, 0);
        foreach (var count in new[] { 1, 2, 9, 15, 16, 17, 32, 41 })
        {
            var values = Enumerable.Range(0, count + RowSoftmax.Slack).Select(_ => (float)(5 * random.NextGaussian())).ToArray();
            var before = values.ToArray();
            RowSoftmax.Apply(values, count);
            var sum = before.Take(count).Sum(x => Math.Exp(x));
            for (var i = 0; i < count; i++) Assert.AreEqual(Math.Exp(before[i]) / sum, values[i], 1e-6, $"{i} of {count}");
            for (var i = count; i < values.Length; i++) Assert.AreEqual(before[i], values[i]);
        }
    }
}
