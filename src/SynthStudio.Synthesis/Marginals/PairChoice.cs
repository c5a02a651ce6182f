using SynthStudio.Synthesis.GraphicalModel;

namespace SynthStudio.Synthesis.Marginals;

/// <summary>
/// Chooses pairs to measure: greedily by what they tell beyond their noise, as long as the junction tree of all cliques stays small. How much noise
/// there will be depends on how many are chosen; so several guesses are tried, and the one whose choice promises the least error is taken.
/// </summary>
/// <param name="domain">Sizes of the columns.</param>
/// <param name="present">Cliques that the model has already.</param>
/// <param name="slots">Releases there are; also the most pairs.</param>
/// <param name="deviation">Noise of one release.</param>
internal sealed class PairChoice(Domain domain, IReadOnlyList<Clique> present, int slots, double deviation)
{
    /// <summary>Cells of the junction tree, 8 bytes each in three arrays. A tenth more accuracy costs ten times as many.</summary>
    private const double MostCells = 200_000;

    /// <summary>Most pairs a column has on average: more of them share out the budget too thinly.</summary>
    private const int PairsPerColumn = 3;

    /// <summary>Pairs in a row that do not fit any more, after which the search ends.</summary>
    private const int MostRefusals = 200;

    /// <summary>Releases that a pair gets, in the guesses.</summary>
    private static readonly double[] Guesses = [32, 16, 8, 4, 2, 1];

    /// <summary>Pairs with their releases.</summary>
    /// <param name="candidates">Pairs, and their noisy distances from the model.</param>
    public IReadOnlyList<(Clique Clique, int Slots)> Choose(IReadOnlyList<(Clique Pair, double Distance)> candidates)
    {
        (double Gain, IReadOnlyList<(Clique, int)> Pairs) best = (0, []);
        foreach (var guess in Guesses)
        {
            var taken = Greedy(candidates, deviation / Math.Sqrt(guess));
            if (taken.Count == 0) continue;
            var dealt = Slots.Deal(slots, taken.ConvertAll(t => domain.Cells(t.Pair)));
            var gain = taken.Zip(dealt, (t, s) => ExpectedNoise.Gain(t.Distance, deviation / Math.Sqrt(s), domain.Cells(t.Pair))).Sum();
            if (gain > best.Gain) best = (gain, [.. taken.Zip(dealt, (t, s) => (t.Pair, s))]);
        }

        return best.Pairs;
    }

    private List<(Clique Pair, double Distance)> Greedy(IReadOnlyList<(Clique Pair, double Distance)> candidates, double noise)
    {
        var most = Math.Min(slots, PairsPerColumn * domain.Attributes);
        var cliques = present.ToList();
        var taken = new List<(Clique Pair, double Distance)>();
        var refusals = 0;
        foreach (var candidate in candidates.OrderByDescending(c => ExpectedNoise.Gain(c.Distance, noise, domain.Cells(c.Pair))))
        {
            if (taken.Count == most || refusals == MostRefusals || ExpectedNoise.Gain(candidate.Distance, noise, domain.Cells(candidate.Pair)) <= 0) break;
            if (JunctionTree.CellsOf(domain, [.. cliques, candidate.Pair]) > Math.Max(MostCells, JunctionTree.CellsOf(domain, cliques)))
            {
                refusals++;
                continue;
            }

            refusals = 0;
            cliques.Add(candidate.Pair);
            taken.Add(candidate);
        }

        return taken;
    }
}
