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
    private const int Rows = 40, Pac = 5, Packs = Rows / Pac, Units = 24;

    private static readonly MixedLayout Layout = new(
        MixedCodec.Fit(TestTables.Shop(600), new FitRequest { Seed = 1 }, protectRare: true, CancellationToken.None).Columns);
    private static readonly CtganShape Shape = new(Layout, new ConditionLayout(Layout, logFrequency: true), new CtganSizes(16, Units, 8, Pac));

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
        heads.Backward(output, soft, asked, 1, gradient);
        foreach (var i in new[]
        {
            0, Layout.Scalars + Layout.TokenOffset[1], Layout.Scalars + Layout.TokenOffset[1] + 1,
            Layout.Width + Layout.Scalars + 2, output.Length - 1,
        })
            Assert.AreEqual((Loss(i, 0.02f) - Loss(i, -0.02f)) / 0.04, gradient[i], 0.02 * (1 + Math.Abs(gradient[i])), $"by output {i}");

        double Loss(int moved, float by)
        {
            var (there, y) = (output.ToArray(), new float[output.Length]);
            there[moved] += by;
            heads.Forward(there, new SeededStream(2, StreamPurpose.Codec, 0), y);
            var sum = y.Zip(weights).Sum(pair => (double)pair.First * pair.Second);
            return sum + heads.Backward(there, y, asked, 1, new float[output.Length]);
        }
    }

    [TestMethod]
    public void The_critic_has_the_gradients_of_judgement_and_penalty()
    {
        using var scope = NewDisposeScope();
        var flat = tensor(Shape.Initial(3));
        using var ours = new ParameterSet(Shape.Parameters, flat, trainable: true);
        using var theirs = new ParameterSet(Shape.Parameters, flat, trainable: true);
        var packs = tensor(Random(new SeededStream(4, StreamPurpose.Codec, 0), 2 * Rows * Layout.Width)).view(2 * Packs, -1);
        var conditions = Enumerable.Range(0, Rows).Select(row => (long)(row % Shape.Conditions.Count + row % Pac * Shape.Conditions.Count)).ToArray();

        using var critic = new CtganCritic(Shape, ours, Packs);
        var byDrawn = new float[Rows * Layout.Width];
        var loss = critic.Accumulate(packs.ToFloats(), conditions, share: 0.5f, Noise(), byDrawn);
        var (real, drawn) = (packs.narrow(0, 0, Packs), packs.narrow(0, Packs, Packs).clone().requires_grad_(true));
        var (expected, judgement) = Reference(theirs, real, drawn, tensor(conditions), Noise());
        (expected * 0.5).backward();
        var byDrawnExpected = autograd.grad([Reference(theirs, real, drawn, tensor(conditions), Noise()).Judgement], [drawn])[0];

        // Operands of 16 bits have 8 significant ones.
        Assert.AreEqual(0.5 * expected.item<float>(), loss, 0.02 * Math.Abs(loss));
        AssertClose(0.5 * byDrawnExpected, tensor(byDrawn).view(Packs, -1), "drawn rows");
        AssertSameGradients(theirs, ours, CtganShape.Critic);
    }

    [TestMethod]
    public void The_generator_in_training_is_the_one_that_draws_and_has_its_gradients()
    {
        using var scope = NewDisposeScope();
        var flat = tensor(Shape.Initial(3));
        using var ours = new ParameterSet(Shape.Parameters, flat, trainable: true);
        using var theirs = new ParameterSet(Shape.Parameters, flat, trainable: true);
        var random = new SeededStream(4, StreamPurpose.Codec, 0);
        var z = tensor(Random(random, Rows * 8)).view(Rows, 8);
        var byOutput = tensor(Random(random, Rows * Layout.Width)).view(Rows, Layout.Width);
        var conditions = Enumerable.Range(0, Rows).Select(row => (long)(row % Shape.Conditions.Count)).ToArray();

        using var step = new GeneratorStep(Shape, ours, Rows);
        var output = new float[Rows * Layout.Width];
        step.Forward(z.ToFloats(), conditions, output);
        step.Backward(conditions, byOutput.ToFloats());
        var (scalars, logits) = new CtganGenerator(Shape, theirs).Forward(z, tensor(conditions));
        var expected = cat([scalars.atanh(), logits], 1);
        expected.backward([byOutput]);

        AssertClose(expected, tensor(output).view(Rows, -1), "output");
        AssertSameGradients(theirs, ours, CtganShape.Generator);
    }

    [TestMethod]
    public void Dropout_leaves_out_half_of_the_units_whatever_their_number()
    {
        foreach (var count in new[] { 5, 64, 10_003 })
        {
            var (values, slopes) = (Random(new SeededStream(7, StreamPurpose.Codec, 0), count), new float[count]);
            var before = values.ToArray();
            LeakyDropout.Apply(values, slopes, new SeededStream(8, StreamPurpose.Codec, 0));
            for (var i = 0; i < count; i++)
            {
                Assert.AreEqual(before[i] * slopes[i], values[i]);
                if (slopes[i] != 0) Assert.AreEqual(before[i] > 0 ? 2 : 2 * LeakyDropout.Leak, slopes[i]);
            }

            // Five standard deviations.
            Assert.AreEqual(count / 2.0, slopes.Count(slope => slope == 0), 2.5 * Math.Sqrt(count));
        }
    }

    /// <summary>The loss as the papers have it, with the gradient by the packs taken by automatic differentiation, twice.</summary>
    private static (Tensor Loss, Tensor Judgement) Reference(ParameterSet parameters, Tensor real, Tensor drawn, Tensor conditions, SeededStream noise)
    {
        Tensor Get(string name) => parameters["critic." + name];
        var offset = Get("0.condition").index_select(0, conditions).view(Packs, Pac, -1).sum(1) + Get("0.bias");
        var both = cat([linear(real, Get("0.weight")) + offset, linear(drawn, Get("0.weight")) + offset]);
        var share = tensor(Enumerable.Range(0, Packs).Select(_ => noise.NextSingle()).ToArray()).view(Packs, 1);
        var (keep1, keep2) = (Keep(noise), Keep(noise));
        var judged = Judge(both, keep1.narrow(0, 0, 2 * Packs), keep2.narrow(0, 0, 2 * Packs));
        var judgement = judged.narrow(0, Packs, Packs).mean();
        var between = (real.narrow(0, 0, Packs) * (1 - share) + drawn.narrow(0, 0, Packs).detach() * share).requires_grad_(true);
        var judgedBetween = Judge(
            linear(between, Get("0.weight")) + offset.narrow(0, 0, Packs).detach(),
            keep1.narrow(0, 2 * Packs, Packs), keep2.narrow(0, 2 * Packs, Packs));
        var gradient = autograd.grad([judgedBetween.sum()], [between], retain_graph: true, create_graph: true)[0];
        return (judgement - judged.narrow(0, 0, Packs).mean() + 10 * (gradient.norm(1) - 1).square().mean(), judgement);

        Tensor Judge(Tensor first, Tensor a, Tensor b) =>
            (leaky_relu(linear(leaky_relu(first, 0.2) * a, Get("1.weight"), Get("1.bias")), 0.2) * b).matmul(Get("output.weight").t());
    }

    /// <summary>[2 P + Q, W], 0 for units that are dropped, else 2.</summary>
    private static Tensor Keep(SeededStream noise)
    {
        const int rows = 3 * Packs;
        var slopes = new float[rows * Units];
        for (var row = 0; row < rows; row++) LeakyDropout.Apply([.. Enumerable.Repeat(1f, Units)], slopes.AsSpan(row * Units, Units), noise);
        return tensor(slopes).view(rows, Units);
    }

    private static SeededStream Noise() => new(5, StreamPurpose.TrainingNoise, 0);

    private static void AssertSameGradients(ParameterSet expected, ParameterSet actual, int group)
    {
        foreach (var spec in Shape.Parameters.Specs.Where(spec => spec.Group == group))
            AssertClose(expected[spec.Name].grad!, actual[spec.Name].grad!, spec.Name);
    }

    private static float[] Random(SeededStream random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(0.5 * random.NextGaussian()))];

    private static void AssertClose(Tensor expected, Tensor actual, string what) =>
        Assert.IsLessThan(0.02f, ((expected - actual).norm() / expected.norm()).item<float>(), what);
}
