using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Autoregressive.Operations;

/// <summary>The combinations of a <see cref="JointTable"/> to draw from, by stratum.</summary>
internal sealed class Combinations
{
    private readonly Dictionary<int, (int[] Members, double[] Sums)> strata;

    /// <param name="table">The combinations.</param>
    /// <param name="weights">By combination.</param>
    public Combinations(JointTable table, IReadOnlyList<double> weights)
    {
        Table = table;
        Strata = [.. table.Strata.Distinct()];
        strata = Enumerable.Range(0, weights.Count).GroupBy(i => table.Strata[i]).ToDictionary(group => group.Key, group =>
        {
            var members = group.ToArray();
            var sums = new double[members.Length];
            for (var i = 0; i < sums.Length; i++) sums[i] = weights[members[i]] + (i > 0 ? sums[i - 1] : 0);
            return (members, sums);
        });
    }

    /// <summary>Where the combinations are.</summary>
    public JointTable Table { get; }

    /// <summary>The strata that have any, in the table's order.</summary>
    public IReadOnlyList<int> Strata { get; }

    /// <summary>Weight of a stratum's combinations together; 0 where it has none.</summary>
    public double Weight(int stratum) => strata.TryGetValue(stratum, out var own) ? own.Sums[^1] : 0;

    /// <summary>A combination of a stratum that has a weight, in proportion to the weights.</summary>
    public ushort[] Draw(int stratum, SeededStream random)
    {
        var (members, sums) = strata[stratum];
        return Table.Cells[members[random.NextIndex(sums)]];
    }
}
