using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Boosting;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Autoregressive.Refinement;

/// <summary>
/// The log density ratio log p(x_j | x before j) / q(x_j | x before j) of one column, up to a term of the columns before it that is the same
/// for all candidates of a row. q draws from the network, and from near the values of related columns.
/// </summary>
/// <param name="Column">j.</param>
/// <param name="Before">Columns before it. With itself and the distances to its relations, in this order, the features of the trees.</param>
/// <param name="Values">Number of its cells that hold values.</param>
/// <param name="Relations">What it lies near to.</param>
/// <param name="Trees">The log ratio.</param>
/// <param name="FromNetwork">Cells that the network draws for a row, for each one that each relation proposes.</param>
/// <param name="Repeats">How often so many candidates are drawn; q does not change by it.</param>
internal sealed record ColumnRefiner(
    int Column, int[] Before, int Values, ColumnRelation[] Relations, ObliviousTrees Trees, int FromNetwork, int Repeats = 1)
{
    /// <summary>Bound of log weights: no candidate weighs less than e to minus this, measured by a row's heaviest.</summary>
    public const float Bound = 8;

    /// <summary>The number of cells of a column that hold values one can lie near to: none of categories.</summary>
    public static int ValuesOf(ColumnCodec codec) => codec is NumericCodec numeric ? numeric.Cells.Length : 0;

    /// <summary>All candidates of a row.</summary>
    public int Candidates => NetworkCandidates + Relations.Length * Repeats;

    /// <summary>Those of them that the network draws.</summary>
    public int NetworkCandidates => FromNetwork * Repeats;

    /// <summary>Adds to what the network drew what the relations propose; where one has nothing to propose, a cell of the network's again.</summary>
    /// <param name="drawn">By row, <see cref="NetworkCandidates"/> cells each.</param>
    /// <param name="cells">[column][row].</param>
    /// <param name="temperature">Above 0; 1 is the learned distribution.</param>
    /// <param name="random">The block's stream.</param>
    /// <returns>By candidate, by row.</returns>
    public ushort[][] Propose(ushort[] drawn, ushort[][] cells, double temperature, SeededStream random)
    {
        var relations = Array.ConvertAll(Relations, relation => relation.At(temperature));
        var rows = drawn.Length / NetworkCandidates;
        var candidates = new ushort[Candidates][];
        for (var i = 0; i < NetworkCandidates; i++)
        {
            candidates[i] = new ushort[rows];
            for (var row = 0; row < rows; row++) candidates[i][row] = drawn[row * NetworkCandidates + i];
        }

        for (var r = 0; r < candidates.Length - NetworkCandidates; r++)
        {
            var (relation, own) = (relations[r % relations.Length], candidates[NetworkCandidates + r] = new ushort[rows]);
            for (var row = 0; row < rows; row++)
            {
                // Two numbers a row whatever comes of them.
                var (choice, inside) = (random.NextSingle(), random.NextSingle());
                var proposed = relation.Propose(cells[relation.Source][row], Values, choice, inside);
                own[row] = proposed != Cell.Unset ? proposed : candidates[r % NetworkCandidates][row];
            }
        }

        return candidates;
    }

    /// <summary>The bins of a cell's distances to the related columns, by relation, by row.</summary>
    public byte[][] Distances(ushort[] candidate, ushort[][] cells)
    {
        var distances = new byte[Relations.Length][];
        for (var r = 0; r < distances.Length; r++)
        {
            var (relation, source) = (Relations[r], cells[Relations[r].Source]);
            distances[r] = new byte[candidate.Length];
            for (var row = 0; row < candidate.Length; row++) distances[r][row] = relation.BinOf(source[row], candidate[row], Values);
        }

        return distances;
    }

    /// <summary>
    /// Chooses one candidate a row in proportion to its density ratio (sampling importance resampling, Rubin 1988), to the power of
    /// 1 / <paramref name="temperature"/> as the distribution is that the candidates were drawn from.
    /// </summary>
    /// <param name="candidates">By candidate, by row.</param>
    /// <param name="bins">By column, by row; those before this one are known.</param>
    /// <param name="cells">[column][row]; this column gets the chosen cells.</param>
    /// <param name="binOfCell">Of this column.</param>
    /// <param name="temperature">Above 0; 1 is the learned distribution.</param>
    /// <param name="random">The block's stream.</param>
    /// <returns>The effective share of the candidates, (sum of w)^2 / (n * sum of w^2) (Kong 1992), mean over rows: 1 when all weigh the same.</returns>
    public double Choose(ushort[][] candidates, byte[]?[] bins, ushort[][] cells, byte[] binOfCell, double temperature, SeededStream random)
    {
        var (rows, power) = (candidates[0].Length, Weights.Power(temperature));
        var scores = Array.ConvertAll(candidates, candidate =>
        {
            var score = new float[rows];
            Trees.AddTo([.. Before.Select(c => bins[c]!), Array.ConvertAll(candidate, cell => binOfCell[cell]), .. Distances(candidate, cells)], score);
            return score;
        });
        var weights = new float[candidates.Length];
        double effective = 0;
        for (var row = 0; row < rows; row++)
        {
            var top = float.NegativeInfinity;
            foreach (var score in scores) top = MathF.Max(top, score[row]);
            float squares = 0;
            for (var i = 0; i < weights.Length; i++)
            {
                weights[i] = MathF.Exp(MathF.Max(scores[i][row] - top, -Bound) * power);
                squares += weights[i] * weights[i];
            }

            Weights.Accumulate(weights);
            effective += weights[^1] * weights[^1] / (weights.Length * squares);
            cells[Column][row] = candidates[Weights.Choose(weights, random.NextSingle())][row];
        }

        return effective / rows;
    }
}
