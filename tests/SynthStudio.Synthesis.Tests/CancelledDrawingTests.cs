using SynthStudio.Synthesis.Autoregressive;
using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Autoregressive.Operations;
using SynthStudio.Synthesis.Autoregressive.Refinement;
using SynthStudio.Synthesis.Diffusion;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Tests;

/// <summary>A block of a wide table, or of many steps, takes longer than anybody waits who has cancelled.</summary>
[TestClass]
public sealed class CancelledDrawingTests
{
    private const int Rows = 30;

    private static readonly CancellationToken Cancelled = new(canceled: true);

    [TestMethod]
    public void A_block_of_the_network_ends_between_columns()
    {
        var codec = TableCodec.Fit(TestTables.Shop(100), 1, protectRare: true);
        var shape = new NetworkShape(new TokenLayout([.. codec.Modelled.Select(c => codec.Columns[c].Layout)]), 16, Blocks: 1);
        var sampler = new AutoregressiveSampler(new InferenceNetwork(shape, shape.Initial(1)));
        var shares = new double[]?[shape.Tokens.Count];
        Assert.ThrowsExactly<OperationCanceledException>(
            () => sampler.Complete(Unset(), shares, 1, new SeededStream(1, StreamPurpose.SampledTokens, 0), Cancelled));

        shares[0] = [.. Enumerable.Repeat(1.0, shape.Tokens.Columns[0].Cells)];
        var completion = new RowCompletion(sampler, RowRefinement.None(codec), shares, seed: 1);
        Assert.ThrowsExactly<OperationCanceledException>(() => completion.Complete(Unset(), 0, Cancelled));

        ushort[][] Unset() => Array.ConvertAll(shares, _ => Enumerable.Repeat(Cell.Unset, Rows).ToArray());
    }

    [TestMethod]
    public void A_block_of_diffusion_ends_between_steps()
    {
        var codec = MixedCodec.Fit(TestTables.Shop(100), new FitRequest { Seed = 1 }, protectRare: true, CancellationToken.None);
        var shape = new DiffusionShape(new MixedLayout(codec.Columns), 16, 1);
        using var weights = tensor(shape.Initial(1));
        using var parameters = new ParameterSet(shape.Parameters, weights, trainable: false);
        var sampler = new DiffusionSampler(shape, parameters, steps: 2, CPU);
        var nothing = MixedGiven.Same(codec.Columns, new MixedSymbol?[codec.Columns.Count], Rows);
        Assert.ThrowsExactly<OperationCanceledException>(() => sampler.Draw(nothing, 1, 0, Cancelled));
    }
}
