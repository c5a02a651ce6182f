using SynthStudio.Synthesis.Randomness;
using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Tests;

[TestClass]
public sealed class AdamWTests
{
    [TestMethod]
    public void Steps_are_those_of_the_paper_and_biases_do_not_decay()
    {
        const double rate = 0.01, decay = 0.3, scale = 0.5, keep = 0.9;
        const int matrix = 35, bias = 6;
        using var scope = NewDisposeScope();
        var layout = new ParameterLayout([new ParameterSpec("matrix", [5, 7], Decays: true), new ParameterSpec("bias", [bias], Decays: false)]);
        var random = new SeededStream(1, StreamPurpose.Codec, 0);
        var weights = Draw();
        var (expected, m, v, mean) =
            (weights.ToFloats().Select(x => (double)x).ToArray(), new double[matrix + bias], new double[matrix + bias],
             weights.ToFloats().Select(x => (double)x).ToArray());
        var gradient = zeros_like(weights);
        using var optimiser = new AdamW(layout, weights, [gradient], (0.8, 0.95));
        for (var step = 1; step <= 5; step++)
        {
            var g = Draw();
            gradient.copy_(g);
            optimiser.Update(0, 0, step, rate, decay, scale, keep);
            var slopes = g.ToFloats();
            for (var i = 0; i < expected.Length; i++)
            {
                var slope = scale * slopes[i];
                m[i] = 0.8 * m[i] + 0.2 * slope;
                v[i] = 0.95 * v[i] + 0.05 * slope * slope;
                var stride = m[i] / (1 - Math.Pow(0.8, step)) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.95, step))) + 1e-8);
                expected[i] = expected[i] * (i < matrix ? 1 - rate * decay : 1) - rate * stride;
                mean[i] = keep * mean[i] + (1 - keep) * expected[i];
            }
        }

        var (actual, average) = (weights.ToFloats(), optimiser.Average.ToFloats());
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], actual[i], 1e-5, $"weight {i}");
            Assert.AreEqual(mean[i], average[i], 1e-5, $"average {i}");
        }

        Assert.IsTrue(gradient.ToFloats().All(x => x == 0));

        Tensor Draw() => tensor(Enumerable.Range(0, matrix + bias).Select(_ => (float)random.NextGaussian()).ToArray());
    }
}
