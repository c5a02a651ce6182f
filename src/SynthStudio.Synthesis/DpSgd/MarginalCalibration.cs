using SynthStudio.Synthesis.Training;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.DpSgd;

/// <summary>
/// Brings the one-way marginals of a trained network to the bought ones, by the biases of its outputs: what clipping and noise do to single columns is
/// undone, and what was learned of columns together stays. Looks at drawn rows and at what was paid for, so it costs no privacy.
/// </summary>
internal static class MarginalCalibration
{
    private const int Rounds = 4;

    /// <summary>Rows drawn in a round.</summary>
    private const int Rows = 20_000;

    /// <summary>Rows that every symbol is taken to have beside those it has.</summary>
    private const double Prior = 0.5;

    /// <summary>Most that a bias moves in a round.</summary>
    private const double MostStep = 2;

    /// <summary>Changes the biases. Every round moves each by the logarithm of how much too rarely its symbol is drawn, as iterative proportional fitting does.</summary>
    /// <param name="weights">All parameters.</param>
    /// <param name="layout">Where they are.</param>
    /// <param name="bias">The biases' name.</param>
    /// <param name="first">How many of them stand before those of the symbols, which lie column after column.</param>
    /// <param name="counts">The bought marginals, [column][symbol].</param>
    /// <param name="build">The model with given weights.</param>
    /// <param name="encode">The symbols of rows, [column][row].</param>
    public static void Apply(
        float[] weights, ParameterLayout layout, string bias, int first, IReadOnlyList<long[]> counts, Func<float[], ITabularModel> build, Func<Table, ushort[][]> encode)
    {
        for (var round = 0; round < Rounds; round++)
        {
            ushort[][] drawn;
            using (var model = build(weights))
                drawn = encode(model.Sample(new SampleRequest { Rows = Rows, Seed = round, FirstChunkRows = Rows, ChunkRows = Rows }, CancellationToken.None).Single());

            var at = (int)layout.OffsetOf(bias) + first;
            for (var c = 0; c < counts.Count; c++)
            {
                var symbols = new double[counts[c].Length];
                foreach (var symbol in drawn[c]) symbols[symbol]++;
                var (wanted, there) = (Shares(Array.ConvertAll(counts[c], count => (double)count)), Shares(symbols));
                for (var s = 0; s < wanted.Length; s++) weights[at++] += (float)Math.Clamp(Math.Log(wanted[s] / there[s]), -MostStep, MostStep);
            }
        }
    }

    private static double[] Shares(double[] counts)
    {
        var total = counts.Sum() + Prior * counts.Length;
        return Array.ConvertAll(counts, count => (count + Prior) / total);
    }
}
