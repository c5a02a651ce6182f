using SynthStudio.Synthesis.Autoregressive;
using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Tests;

/// <summary>The network for drawing is the trained network.</summary>
[TestClass]
public sealed class InferenceTests
{
    [TestMethod]
    [DataRow(64)]
    [DataRow(40)]
    public void Drawing_computes_what_training_learned(int width)
    {
        // A column with two tokens a cell, one with one, and a category; every weight away from its start.
        var random = new SeededStream(1, StreamPurpose.Codec, 0);
        var table = TestTables.Make(
            TestTables.Numbers("fine", Tabular.ColumnKind.Decimal, Enumerable.Range(0, 30_000).Select(_ => random.NextGaussian())),
            TestTables.Numbers("coarse", Tabular.ColumnKind.Integer, Enumerable.Range(0, 30_000).Select(_ => (double)random.NextInt(50))),
            TestTables.Coded("colour", Tabular.ColumnKind.Categorical, Enumerable.Range(0, 30_000).Select(_ => "rgb"[random.NextInt(3)].ToString())));
        var codec = TableCodec.Fit(table, 1, protectRare: true);
        var layout = new TokenLayout([.. codec.Columns.Select(column => column.Layout)]);
        Assert.HasCount(1, layout.FineColumns);
        var shape = new NetworkShape(layout, width, Blocks: 2);
        var weights = shape.Initial(7);
        for (var i = 0; i < weights.Length; i++) weights[i] += (float)(0.05 * random.NextGaussian());

        const int rows = 21;
        var cells = codec.Encode(table.Take([.. Enumerable.Range(0, rows)]));
        using var flat = tensor(weights);
        using var parameters = new ParameterSet(shape.Parameters, flat, trainable: false);
        using var expected = new AutoregressiveNetwork(shape, parameters);
        using var none = no_grad();
        var tokens = new long[rows * 2];
        var features = new float[rows * layout.Features];
        for (var row = 0; row < rows; row++)
        {
            for (var c = 0; c < 2; c++)
            {
                var column = layout.Columns[c];
                tokens[row * 2 + c] = layout.CoarseOffset[c] + column.Coarse[cells[c][row]];
                column.Features.AsSpan(cells[c][row] * column.FeatureCount, column.FeatureCount)
                    .CopyTo(features.AsSpan(row * layout.Features + layout.FeatureOffset[c]));
            }
        }

        var z = expected.Trunk(expected.Embed(
            tensor(tokens), tensor(Enumerable.Range(0, rows).Select(row => row * 2L).ToArray()), tensor(features).view(rows, layout.Features)));
        var context = Enumerable.Range(0, rows).Select(row => (row, row % 32)).ToArray();
        var fine = expected.FineLogits(z, tensor(context.Select(c => (long)c.Item2).ToArray()), 0).contiguous();

        var network = new InferenceNetwork(shape, weights);
        var memory = new InferenceMemory(network);
        for (var row = 0; row < rows; row++)
        {
            network.Begin(memory.H(row));
            for (var c = 0; c < 2; c++) network.Observe(memory.H(row), c, cells[c][row]);
        }

        network.Trunk(memory, rows);
        Agree(z, row => memory.Z(row)[..width].ToArray(), rows);
        network.CoarseLogits(memory, 2, rows);
        Agree(expected.CoarseLogits(z, 2), row => memory.Logits.Span.Slice(row * network.CoarseStride(2), layout.Columns[2].CoarseCount).ToArray(), rows);
        network.FineProject(memory, 0, rows);
        network.FineLogits(memory, 0, context);
        Agree(fine, row => memory.FineLogits.Span.Slice(row * network.FineStride(0), layout.FineTokens).ToArray(), rows);
    }

    [TestMethod]
    public void A_product_does_not_depend_on_the_rows_beside()
    {
        var random = new SeededStream(2, StreamPurpose.Codec, 0);
        var weight = Enumerable.Range(0, 45 * 33).Select(_ => (float)random.NextGaussian()).ToArray();
        var matrix = new PackedMatrix(weight, new float[45], 33);
        var x = new AlignedFloats(24 * 33);
        for (var i = 0; i < x.Length; i++) x.Span[i] = (float)random.NextGaussian();
        AlignedFloats many = new(24 * matrix.Stride), one = new(8 * matrix.Stride);
        matrix.Multiply(x, 33, 19, many, Finish.Write);
        for (var row = 0; row < 19; row++)
        {
            var alone = new AlignedFloats(8 * 33);
            x.Span.Slice(row * 33, 33).CopyTo(alone.Span);
            matrix.Multiply(alone, 33, 1, one, Finish.Write);
            CollectionAssert.AreEqual(one.Span[..45].ToArray(), many.Span.Slice(row * matrix.Stride, 45).ToArray());
            for (var o = 0; o < 45; o++)
            {
                double sum = 0;
                for (var i = 0; i < 33; i++) sum += (double)weight[o * 33 + i] * x.Span[row * 33 + i];
                Assert.AreEqual(sum, one.Span[o], 1e-4);
            }
        }
    }

    [TestMethod]
    [DataRow(1e-300, 0f)]
    [DataRow(0.1, 0f)]
    [DataRow(1e300, 1f)]
    public void Any_temperature_leaves_the_likeliest_token_open_and_closed_ones_closed(double temperature, float second)
    {
        float[] weights = [0, 30, 10, 50];
        Weights.FromLogits(weights, [0, 0, 0, float.NegativeInfinity], temperature);
        Assert.AreEqual(1f, weights[1], 1e-6f);
        Assert.AreEqual(second, weights[2], 1e-6f);
        Assert.AreEqual(0, weights[3]);
    }

    [TestMethod]
    public void What_is_admitted_keeps_its_proportions_however_unlikely_it_is()
    {
        var codec = TableCodec.Fit(
            TestTables.Make(TestTables.Coded("size", Tabular.ColumnKind.Categorical, Enumerable.Range(0, 4_000).Select(i => i < 20 ? "large" : i < 60 ? "medium" : "small"))),
            1, protectRare: true);
        var shape = new NetworkShape(new TokenLayout([codec.Columns[0].Layout]), 16, Blocks: 1);
        var sampler = new AutoregressiveSampler(new InferenceNetwork(shape, shape.Initial(1)));
        ushort[][] cells = [[.. Enumerable.Repeat(Cell.Unset, 400)]];

        // Medium and large are two to one; to the power of 50 they are nothing beside small, and large is nothing beside medium.
        sampler.Complete(cells, [[0, 1, 1]], 0.02, new SeededStream(1, StreamPurpose.SampledTokens, 0));
        Assert.IsTrue(Array.TrueForAll(cells[0], cell => cell == 1));
    }

    private static void Agree(Tensor expected, Func<int, float[]> actual, int rows)
    {
        using var contiguous = expected.contiguous();
        var values = contiguous.data<float>().ToArray();
        var width = values.Length / rows;
        for (var row = 0; row < rows; row++)
        {
            var found = actual(row);
            for (var i = 0; i < width; i++) Assert.AreEqual(values[row * width + i], found[i], 2e-4 * (1 + Math.Abs(values[row * width + i])));
        }
    }
}
