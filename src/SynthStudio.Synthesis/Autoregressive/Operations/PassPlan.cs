using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Autoregressive.Operations;

/// <summary>
/// Which columns are drawn from one pass through the network. Neighbours in the order of sampling that are independent given those before
/// need no pass of their own: the information they would gain from each other is measured on drawn rows and bounded.
/// </summary>
internal static class PassPlan
{
    /// <summary>Nats a row that may be lost in all and by one column: far below what training leaves unlearned.</summary>
    private const double MostInAll = 3e-3, MostByOne = 1e-3;

    private const int MostRows = 2_048, LeastRows = 128, RowsTimesColumns = 40_000;

    /// <summary>One column a pass.</summary>
    public static int[][] Single(TokenLayout layout) => [.. layout.SamplingOrder.Select(c => new[] { c })];

    /// <summary>The passes for a trained network, each with its columns.</summary>
    public static int[][] Choose(InferenceNetwork network, long seed = 0)
    {
        var sampler = new AutoregressiveSampler(network);
        var layout = sampler.Network.Shape.Tokens;
        var rows = Math.Clamp(RowsTimesColumns / layout.Count, LeastRows, MostRows);
        var drawn = Cell.AllUnset(layout.Count, rows);
        sampler.Complete(drawn, new double[]?[layout.Count], 1, new SeededStream(seed, StreamPurpose.SampledTokens, -1));

        // What is known before the pass that is being filled, and before the column at hand.
        var (beforePass, before) = (Cell.AllUnset(layout.Count, rows), Cell.AllUnset(layout.Count, rows));
        var passes = new List<List<int>>();
        double lost = 0;
        foreach (var c in layout.SamplingOrder)
        {
            if (passes.Count > 0 && Divergence(sampler, c, before, beforePass, Math.Min(MostByOne, MostInAll - lost)) is { } gain)
            {
                lost += gain;
                passes[^1].Add(c);
            }
            else
            {
                for (var k = 0; k < layout.Count; k++) before[k].CopyTo(beforePass[k], 0);
                passes.Add([c]);
            }

            drawn[c].CopyTo(before[c], 0);
        }

        return [.. passes.Select(pass => pass.ToArray())];
    }

    /// <summary>
    /// Mean of KL(p(c | known) || p(c | less known)) in nats: what the columns in between tell of c. Null when above
    /// <paramref name="most"/>.
    /// </summary>
    private static double? Divergence(AutoregressiveSampler sampler, int c, ushort[][] known, ushort[][] lessKnown, double most)
    {
        double sum = 0;
        var rows = known[0].Length;
        var memory = new InferenceMemory(sampler.Network);
        for (var first = 0; first < rows; first += InferenceMemory.Rows)
        {
            var (p, q) = (Distributions(known), Distributions(lessKnown));
            for (var i = 0; i < p.Length; i++) if (p[i] > 0) sum += p[i] * Math.Log(p[i] / Math.Max(q[i], 1e-30));
            if (sum > most * rows * 2) return null;

            float[] Distributions(ushort[][] given)
            {
                var part = Enumerable.Range(first, Math.Min(InferenceMemory.Rows, rows - first)).ToArray();
                float[] found = [];
                ConditionalPass.Run(sampler.Network, memory, given, part, -1, (_, count) => found = sampler.Distributions.Of(memory, c, count, 1));
                return found;
            }
        }

        return sum / rows <= most ? Math.Max(sum / rows, 0) : null;
    }
}
