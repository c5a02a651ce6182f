using SynthStudio.Privacy.Noise;
using SynthStudio.Synthesis.GraphicalModel;
using SynthStudio.Synthesis.Private;

namespace SynthStudio.Synthesis.Marginals;

/// <summary>The only way from a private table to numbers: every release is spent first, then made, with noise of its phase's level.</summary>
/// <param name="domain">Sizes of the columns.</param>
/// <param name="table">The private table.</param>
/// <param name="plan">The noise.</param>
/// <param name="spending">Told before each release.</param>
/// <param name="bits">Where chance comes from.</param>
internal sealed class NoisyMarginals(Domain domain, CountTable table, NoisePlan plan, PrivacySpending spending, SecureBits bits)
{
    public Domain Domain => domain;

    /// <summary>Measures cliques at once, each as often as it has slots: the mean of independent releases.</summary>
    /// <param name="phase">The plan's phase; its releases are at least the sum of all slots.</param>
    /// <param name="cliques">What to measure, and how many releases each gets.</param>
    public List<Measurement> Measure(string phase, IReadOnlyList<(Clique Clique, int Slots)> cliques)
    {
        var level = plan.Levels[phase];
        spending.Spend(level.Event.Times(cliques.Sum(c => (long)c.Slots)));
        return [.. cliques.Select(c => new Measurement(
            c.Clique, Array.ConvertAll(table.Count(c.Clique), count => level.Noisy(count, bits, c.Slots)), level.Deviation / Math.Sqrt(c.Slots)))];
    }

    /// <summary>
    /// Noisy L1 distances between the table and what a model expects, one a clique. The model's counts are rounded first: distances of whole
    /// numbers change by at most 1 with a row, without any rounding of floating-point sums.
    /// </summary>
    /// <param name="phase">The plan's phase; its releases are at least as many as cliques.</param>
    /// <param name="cliques">What to compare.</param>
    /// <param name="expected">By cell of a clique: counts that the model expects.</param>
    public double[] Distances(string phase, IReadOnlyList<Clique> cliques, Func<Clique, double[]> expected)
    {
        var level = plan.Levels[phase];
        spending.Spend(level.Event.Times(cliques.Count));
        return [.. cliques.Select(clique =>
        {
            var (counts, model) = (table.Count(clique), expected(clique));
            long distance = 0;
            for (var cell = 0; cell < counts.Length; cell++) distance += Math.Abs(counts[cell] - (long)Math.Round(model[cell]));
            return level.Noisy(distance, bits);
        })];
    }
}
