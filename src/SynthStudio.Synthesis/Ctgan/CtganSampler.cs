using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Ctgan;

/// <summary>Draws rows from the generator. Safe for concurrent use.</summary>
/// <param name="shape">The networks.</param>
/// <param name="parameters">Their weights; shared, not owned.</param>
/// <param name="statistics">Of the normalisations; null takes those of the rows drawn together.</param>
/// <param name="device">Where to compute.</param>
internal sealed class CtganSampler(CtganShape shape, ParameterSet parameters, NormStatistics? statistics, TorchSharp.torch.Device device)
{
    /// <summary>Rounds of drawing rows that shall have a category, before giving up.</summary>
    private const int MostRounds = 100;

    private readonly CtganGenerator generator = new(shape, parameters);

    /// <summary>Draws one block, with conditions at the frequencies of the table.</summary>
    /// <param name="rows">Rows of the block.</param>
    /// <param name="seed">Seed of the sample.</param>
    /// <param name="purpose">What the rows are for.</param>
    /// <param name="block">Number of the block.</param>
    public MixedRows Draw(int rows, long seed, StreamPurpose purpose, long block)
    {
        using var noise = new NoiseSource(device);
        noise.Begin(seed, purpose, block);
        var random = new SeededStream(seed, purpose, block);
        return Draw(Array.ConvertAll(new long[rows], _ => (long)shape.Conditions.DrawForSampling(random)), noise, random);
    }

    /// <summary>Draws one block of rows that have a category: asks the generator for it, and keeps the rows in which it obeyed.</summary>
    /// <param name="rows">Rows of the block.</param>
    /// <param name="seed">Seed of the sample.</param>
    /// <param name="block">Number of the block.</param>
    /// <param name="condition">The category.</param>
    /// <param name="cancellation">Looked at between rounds.</param>
    /// <returns>Null when the generator hardly ever draws the category.</returns>
    public MixedRows? DrawGiven(int rows, long seed, long block, int condition, CancellationToken cancellation)
    {
        using var noise = new NoiseSource(device);
        noise.Begin(seed, StreamPurpose.SampledTokens, block);
        var random = new SeededStream(seed, StreamPurpose.SampledTokens, block);
        var asked = new long[rows];
        Array.Fill(asked, condition);
        var kept = new List<(MixedRows Rows, int Row)>();
        for (var round = 0; round < MostRounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var drawn = Draw(asked, noise, random);
            var symbols = drawn.Symbols[shape.Conditions.Column[condition]];
            for (var row = 0; row < rows && kept.Count < rows; row++)
            {
                if (symbols[row] == shape.Conditions.Symbol[condition]) kept.Add((drawn, row));
            }

            if (kept.Count == rows) return Gather(kept);
        }

        return null;
    }

    private MixedRows Draw(long[] conditions, NoiseSource noise, SeededStream random)
    {
        var rows = conditions.Length;
        var (scalars, logits) = generator.Forward(noise.Normal(rows, shape.Sizes.EmbeddingDim), tensor(conditions, device: device), statistics);
        var symbols = SymbolDraw.Draw(shape.Layout, logits.ToFloats(), random);
        if (shape.Layout.Scalars == 0) return new MixedRows(symbols, new float[]?[shape.Layout.Count]);
        var values = scalars.t().ToFloats();
        return new MixedRows(symbols, [.. shape.Layout.ScalarIndex.Select(s => s < 0 ? null : values[(s * rows)..((s + 1) * rows)])]);
    }

    private MixedRows Gather(List<(MixedRows Rows, int Row)> kept) => new(
        [.. Enumerable.Range(0, shape.Layout.Count).Select(c => kept.Select(k => k.Rows.Symbols[c][k.Row]).ToArray())],
        [.. Enumerable.Range(0, shape.Layout.Count).Select(c =>
            shape.Layout.ScalarIndex[c] < 0 ? null : kept.Select(k => k.Rows.Scalars[c]![k.Row]).ToArray())]);
}
