using SynthStudio.Synthesis.Autoregressive;
using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Tests;

/// <summary>
/// A method that trains its network in an order of its own, such as the target last, has rows drawn in that order, whatever is known of
/// them.
/// </summary>
[TestClass]
public sealed class DrawingOrderTests
{
    private const int Rows = 200;

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Columns_are_drawn_in_the_order_of_the_method(bool isOneGiven)
    {
        var codec = TableCodec.Fit(TestTables.Shop(300), 1, protectRare: true);
        var shape = new NetworkShape(new TokenLayout([.. codec.Modelled.Select(c => codec.Columns[c].Layout)]), 32, Blocks: 1);
        var network = new InferenceNetwork(shape, shape.Initial(1));
        int[] order = [.. Enumerable.Range(0, shape.Tokens.Count)];
        CollectionAssert.AreNotEqual(order, shape.Tokens.SamplingOrder);
        var sampler = new AutoregressiveSampler(network, [.. order.Select(c => new[] { c })]);
        var shares = new double[]?[order.Length];

        var expected = Begun();
        var block = new BlockDraw(sampler, expected, shares, Numbers());
        foreach (var c in order)
        {
            if (expected[c][0] == Cell.Unset) block.Set(c, block.Draw([c], [1], 1)[0]);
        }

        var drawn = Begun();
        sampler.Complete(drawn, shares, 1, Numbers());
        for (var c = 0; c < order.Length; c++) CollectionAssert.AreEqual(expected[c], drawn[c], $"column {c}");

        ushort[][] Begun() => Array.ConvertAll(order, c => Enumerable.Repeat(isOneGiven && c == order[^1] ? (ushort)0 : Cell.Unset, Rows).ToArray());

        static SeededStream Numbers() => new(1, StreamPurpose.SampledTokens, 0);
    }
}
