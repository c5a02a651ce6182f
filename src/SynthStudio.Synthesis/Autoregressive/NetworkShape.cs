using SynthStudio.Synthesis.Randomness;
using SynthStudio.Synthesis.Training;

namespace SynthStudio.Synthesis.Autoregressive;

/// <summary>Sizes of the network and, from them, its parameters.</summary>
/// <param name="Tokens">Inputs and outputs.</param>
/// <param name="Width">H, units of the residual stream.</param>
/// <param name="Blocks">Residual blocks.</param>
internal sealed record NetworkShape(TokenLayout Tokens, int Width, int Blocks)
{
    /// <summary>D, hidden units of the head that predicts a column's fine token.</summary>
    public const int FineWidth = 64;

    public ParameterLayout Parameters { get; } = new(Specs(Tokens, Width, Blocks));

    /// <summary>
    /// Starting values: small random weights, and output biases at the log marginals, so that the untrained network draws independent
    /// columns with the right distribution.
    /// </summary>
    public float[] Initial(long seed)
    {
        var flat = new float[Parameters.Count];
        var number = 0;
        foreach (var spec in Parameters.Specs)
        {
            var values = flat.AsSpan((int)Parameters.OffsetOf(spec.Name), (int)spec.Count);
            var random = new SeededStream(seed, StreamPurpose.InitialWeights, number++);
            var scale = Scale(spec);
            if (spec.Name.EndsWith(".gain", StringComparison.Ordinal)) values.Fill(1);
            else if (spec.Name == "output.bias") LogMarginals(values);
            else if (spec.Name == "fine.context") FineContexts(values, random);
            else if (scale > 0) for (var i = 0; i < values.Length; i++) values[i] = (float)(scale * random.NextGaussian());
        }

        return flat;
    }

    private static IEnumerable<ParameterSpec> Specs(TokenLayout tokens, int width, int blocks)
    {
        yield return new("input.tokens", [tokens.CoarseTokens, width], Decays: false);
        if (tokens.Features > 0) yield return new("input.features", [tokens.Features, width], Decays: true);
        yield return new("input.bias", [width], Decays: false);
        for (var b = 0; b < blocks; b++)
        {
            yield return new($"block{b}.norm.gain", [width], Decays: false);
            yield return new($"block{b}.norm.bias", [width], Decays: false);
            yield return new($"block{b}.up.weight", [width, width], Decays: true);
            yield return new($"block{b}.up.bias", [width], Decays: false);
            yield return new($"block{b}.down.weight", [width, width], Decays: true);
            yield return new($"block{b}.down.bias", [width], Decays: false);
        }

        yield return new("norm.gain", [width], Decays: false);
        yield return new("norm.bias", [width], Decays: false);
        yield return new("output.weight", [tokens.CoarseTokens, width], Decays: true);
        yield return new("output.bias", [tokens.CoarseTokens], Decays: false);
        if (tokens.FineColumns.Length == 0) yield break;
        yield return new("fine.project", [tokens.FineColumns.Length * FineWidth, width], Decays: true);
        yield return new("fine.context", [tokens.FineContexts, 2 * FineWidth + tokens.FineTokens], Decays: false);
        yield return new("fine.output", [tokens.FineColumns.Length, FineWidth, tokens.FineTokens], Decays: true);
    }

    private double Scale(ParameterSpec spec) => spec.Name switch
    {
        "input.tokens" => 1 / Math.Sqrt(Tokens.Count),
        "input.features" => 0.5 / Math.Sqrt(Tokens.Features),
        "output.weight" => 0.1 / Math.Sqrt(Width),
        "fine.project" => 1 / Math.Sqrt(Width),
        "fine.output" => 0.1 / Math.Sqrt(FineWidth),
        _ when spec.Name.EndsWith("up.weight", StringComparison.Ordinal) => Math.Sqrt(2.0 / Width),
        _ when spec.Name.EndsWith("down.weight", StringComparison.Ordinal) => 1 / Math.Sqrt(2.0 * Blocks * Width),
        _ => 0,
    };

    private void LogMarginals(Span<float> bias)
    {
        for (var c = 0; c < Tokens.Count; c++)
        {
            var column = Tokens.Columns[c];
            var counts = new double[column.CoarseCount];
            for (var cell = 0; cell < column.Cells; cell++) counts[column.Coarse[cell]] += column.Counts[cell];
            WriteLogShares(counts, bias.Slice(Tokens.CoarseOffset[c], counts.Length));
        }
    }

    /// <summary>By coarse token: multipliers and offsets of the hidden units, then the log shares of the fine tokens under it.</summary>
    private void FineContexts(Span<float> table, SeededStream random)
    {
        var width = 2 * FineWidth + Tokens.FineTokens;
        for (var i = 0; i < table.Length; i++) table[i] = (float)(0.1 * random.NextGaussian());
        for (var f = 0; f < Tokens.FineColumns.Length; f++)
        {
            var column = Tokens.Columns[Tokens.FineColumns[f]];
            for (var coarse = 0; coarse < column.CoarseCount; coarse++)
            {
                var counts = new double[Tokens.FineTokens];
                for (var cell = 0; cell < column.Cells; cell++)
                {
                    if (column.Coarse[cell] == coarse && column.Fine[cell] >= 0) counts[column.Fine[cell]] = column.Counts[cell];
                }

                WriteLogShares(counts, table.Slice((Tokens.FineContextOffset[f] + coarse) * width + 2 * FineWidth, Tokens.FineTokens));
            }
        }
    }

    private static void WriteLogShares(double[] counts, Span<float> target)
    {
        var total = counts.Sum() + 0.1 * counts.Length;
        for (var i = 0; i < counts.Length; i++) target[i] = (float)Math.Log((counts[i] + 0.1) / total);
    }
}
