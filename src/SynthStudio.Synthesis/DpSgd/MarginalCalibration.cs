using SynthStudio.Synthesis.Training;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.DpSgd;

/// <summary>
/// Brings the one-way marginals of a trained network to the bought ones, by the biases of its outputs: what clipping and noise do to single columns is
/// undone, and what was learned of columns together stays. Looks at drawn rows and at what was paid for, so it costs no privacy.
/// </summary>
internal static class MarginalCalibration
{
    private const int MostRounds = 16;

    /// <summary>Rows drawn in a round.</summary>
    private const int Rows = 20_000;

    /// <summary>Rows that every symbol is taken to have beside those it has.</summary>
    private const double Prior = 0.5;

    /// <summary>Most that a bias moves in a round.</summary>
    private const double MostStep = 2;

    /// <summary>A round that leaves more than this share of the distance was the last: what is left is chance.</summary>
    private const double Worthwhile = 0.97;

    /// <summary>
    /// Changes the biases. Every round moves each by the logarithm of how much too rarely its symbol is drawn, as iterative proportional fitting does,
    /// until that brings drawn marginals no closer to the bought ones; the closest remain.
    /// </summary>
    /// <param name="weights">All parameters.</param>
    /// <param name="layout">Where they are.</param>
    /// <param name="bias">The biases' name.</param>
    /// <param name="first">How many of them stand before those of the symbols, which lie column after column.</param>
    /// <param name="counts">The bought marginals, [column][symbol].</param>
    /// <param name="build">The model with given weights.</param>
    /// <param name="encode">The symbols of rows, [column][row].</param>
    public static void Apply(
        float[] weights, ParameterLayout layout, string bias, int first, IReadOnlyList<long[]> counts,
        Func<float[], ITabularModel> build, Func<Table, ushort[][]> encode)
    {
        var biases = weights.AsMemory((int)layout.OffsetOf(bias) + first, counts.Sum(column => column.Length));
        var wanted = counts.Select(column => Shares(Array.ConvertAll(column, count => (double)count))).ToList();
        var (closest, best) = (double.PositiveInfinity, biases.ToArray());
        for (var round = 0; round < MostRounds; round++)
        {
            List<double[]> drawn;
            using (var model = build(weights))
            {
                var rows = model.Sample(
                    new SampleRequest { Rows = Rows, Seed = round, FirstChunkRows = Rows, ChunkRows = Rows },
                    CancellationToken.None).Single();
                drawn = [.. encode(rows).Zip(counts, (symbols, column) => Shares(Count(symbols, column.Length)))];
            }

            var distance = wanted.Zip(drawn, (w, d) => w.Zip(d, (x, y) => Math.Abs(x - y)).Sum()).Sum();
            var isCloser = distance < Worthwhile * closest;
            if (distance < closest) (closest, best) = (distance, biases.ToArray());
            if (!isCloser) break;
            var at = 0;
            foreach (var (w, d) in wanted.Zip(drawn))
                for (var s = 0; s < w.Length; s++) biases.Span[at++] += (float)Math.Clamp(Math.Log(w[s] / d[s]), -MostStep, MostStep);
        }

        best.CopyTo(biases);
    }

    private static double[] Count(ushort[] symbols, int kinds)
    {
        var counts = new double[kinds];
        foreach (var symbol in symbols) counts[symbol]++;
        return counts;
    }

    private static double[] Shares(double[] counts)
    {
        var total = counts.Sum() + Prior * counts.Length;
        return Array.ConvertAll(counts, count => (count + Prior) / total);
    }
}
