using SynthStudio.Synthesis.Ctgan;
using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SynthStudio.Synthesis.Tests.Mixed;

/// <summary>The derivatives that are written by hand, against differences and against automatic differentiation.</summary>
[TestClass]
public sealed class CtganStepTests
{
    private const int Rows = 40, Pac = 5, Packs = Rows / Pac;

    private static readonly MixedLayout Layout = new(MixedCodec.Fit(TestTables.Shop(600), seed: 1, protectRare: true).Columns);
    private static readonly CtganShape Shape = new(Layout, new ConditionLayout(Layout, logFrequency: true), new CtganSizes(16, 24, 8, Pac));

    [TestMethod]
    public void Heads_give_symbols_shares_that_add_up_and_the_derivative_of_any_loss()
    {
        var random = new SeededStream(1, StreamPurpose.Codec, 0);
        var output = Random(random, Rows * Layout.Width);
        var weights = Random(random, Rows * Layout.Width);
        var asked = Enumerable.Range(0, Rows).Select(row => (Column: 1, Symbol: row % Layout.Columns[1].Symbols)).ToArray();
        var heads = new GeneratorHeads(Layout, Rows);
        var soft = new float[output.Length];
        heads.Forward(output, new SeededStream(2, StreamPurpose.Codec, 0), soft);
        for (var c = 0; c < Layout.Count; c++)
            Assert.AreEqual(1, soft.AsSpan(Layout.Scalars + Layout.TokenOffset[c], Layout.Columns[c].Symbols).ToArray().Sum(), 1e-5);

        var gradient = weights.ToArray();
        heads.Backward(output, soft, asked, gradient);
        foreach (var i in new[] { 0, Layout.Scalars + Layout.TokenOffset[1], Layout.Scalars + Layout.TokenOffset[1] + 1, Layout.Width + Layout.Scalars + 2, output.Length - 1 })
            Assert.AreEqual((Loss(i, 0.02f) - Loss(i, -0.02f)) / 0.04, gradient[i], 0.02 * (1 + Math.Abs(gradient[i])), $"by output {i}");

        double Loss(int moved, float by)
        {
            var (there, y) = (output.ToArray(), new float[output.Length]);
            there[moved] += by;
            heads.Forward(there, new SeededStream(2, StreamPurpose.Codec, 0), y);
            var sum = y.Zip(weights).Sum(pair => (double)pair.First * pair.Second);
            return sum + heads.Backward(there, y, asked, new float[output.Length]);
        }
    }

    [TestMethod]
    public void The_critic_has_the_gradients_of_judgement_and_penalty()
    {
        using var scope = NewDisposeScope();
        var flat = tensor(Shape.Initial(3));
        using var ours = new ParameterSet(Shape.Parameters, flat, trainable: true);
        using var theirs = new ParameterSet(Shape.Parameters, flat, trainable: true);
        var random = new SeededStream(4, StreamPurpose.Codec, 0);
        var packs = tensor(Random(random, 2 * Rows * Layout.Width)).view(2 * Packs, -1);
        var conditions = tensor(Enumerable.Range(0, Rows).Select(row => (long)(row % Shape.Conditions.Count + row % Pac * Shape.Conditions.Count)).ToArray()).view(Packs, Pac);

        var (loss, byDrawn) = new CtganCritic(ours).Accumulate(packs, conditions, share: 0.5, Noise());
        var (real, drawn) = (packs.narrow(0, 0, Packs), packs.narrow(0, Packs, Packs).clone().requires_grad_(true));
        var (expected, judgement) = Reference(theirs, real, drawn, conditions, Noise());
        (expected * 0.5).backward();
        var byDrawnExpected = autograd.grad([Reference(theirs, real, drawn, conditions, Noise()).Judgement], [drawn])[0];

        // Operands of 16 bits have 8 significant ones.
        Assert.AreEqual(0.5 * expected.item<float>(), loss, 0.02 * Math.Abs(loss));
        AssertClose(byDrawnExpected, byDrawn, "drawn rows");
        foreach (var spec in Shape.Parameters.Specs.Where(spec => spec.Group == CtganShape.Critic))
            AssertClose(theirs[spec.Name].grad!, ours[spec.Name].grad!, spec.Name);
    }

    /// <summary>The loss as the papers have it, with the gradient by the packs taken by automatic differentiation, twice.</summary>
    private static (Tensor Loss, Tensor Judgement) Reference(ParameterSet parameters, Tensor real, Tensor drawn, Tensor conditions, NoiseSource noise)
    {
        Tensor Get(string name) => parameters["critic." + name];
        var offset = Get("0.condition").index_select(0, conditions.flatten()).view(Packs, Pac, -1).sum(1) + Get("0.bias");
        var both = cat([linear(real, Get("0.weight")) + offset, linear(drawn, Get("0.weight")) + offset]);
        var (keep1, keep2) = (noise.Keep(0.5, both.shape), noise.Keep(0.5, 2 * Packs, 24));
        var judged = Judge(both, keep1, keep2);
        var judgement = judged.narrow(0, Packs, Packs).mean();
        var share = noise.Uniform(Packs, 1);
        var between = (real * (1 - share) + drawn.detach() * share).requires_grad_(true);
        var (keep3, keep4) = (noise.Keep(0.5, Packs, 24), noise.Keep(0.5, Packs, 24));
        var gradient = autograd.grad([Judge(linear(between, Get("0.weight")) + offset.detach(), keep3, keep4).sum()], [between], retain_graph: true, create_graph: true)[0];
        return (judgement - judged.narrow(0, 0, Packs).mean() + 10 * (gradient.norm(1) - 1).square().mean(), judgement);

        Tensor Judge(Tensor first, Tensor a, Tensor b) =>
            (leaky_relu(linear(leaky_relu(first, 0.2) * a, Get("1.weight"), Get("1.bias")), 0.2) * b).matmul(Get("output.weight").t());
    }

    private static NoiseSource Noise()
    {
        var noise = new NoiseSource(CPU);
        noise.Begin(5, StreamPurpose.TrainingNoise, 0);
        return noise;
    }

    private static float[] Random(SeededStream random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(0.5 * random.NextGaussian()))];

    private static void AssertClose(Tensor expected, Tensor actual, string what) =>
        Assert.IsLessThan(0.02f, ((expected - actual).norm() / expected.norm()).item<float>(), what);
}
