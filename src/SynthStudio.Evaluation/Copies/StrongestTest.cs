using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Copies;

/// <summary>
/// Exact binomial tests of several overlapping groups of people, and of the strongest of them: its p-value is how often random labels of the same
/// people make some group as unlikely (minimum p-value of Westfall and Young 1993). Valid whatever the groups have in common, and stronger
/// than to multiply by their number.
/// </summary>
internal static class StrongestTest
{
    private const int MostReplicates = 19_999, FewestReplicates = 2_000;
    private const double MostLabels = 2e7;

    /// <summary>Below this the product with the number of groups, which is never too small, says enough.</summary>
    private const double Clear = 1e-3;

    /// <param name="groups">Groups of people, by number.</param>
    /// <param name="isMember">Whether a person is one of those who may have leaked.</param>
    /// <param name="share">How often people are, when nothing leaks.</param>
    /// <param name="seed">Of the labels.</param>
    public static (double[] PValues, double Strongest) Run(int[][] groups, Func<int, bool> isMember, double share, int seed)
    {
        var tails = Array.ConvertAll(groups, group => Significance.BinomialTails(group.Length, share));
        double[] pValues = [.. groups.Zip(tails, (group, tail) => tail[group.Count(isMember)])];
        var (least, bound) = (pValues.Min(), Math.Min(1, pValues.Min() * groups.Length));
        int[] people = [.. groups.SelectMany(group => group).Distinct()];
        if (bound < Clear || people.Length == 0)
        {
            return (pValues, bound);
        }

        // A person counts in every group that it is in.
        var at = people.Index().ToDictionary(person => person.Item, person => person.Index);
        int[][] places = Array.ConvertAll(groups, group => Array.ConvertAll(group, person => at[person]));
        var random = new Random(seed);
        var replicates = (int)Math.Clamp(MostLabels / people.Length, FewestReplicates, MostReplicates);
        var (asStrong, label) = (0, new int[people.Length]);
        for (var replicate = 0; replicate < replicates; replicate++)
        {
            for (var person = 0; person < label.Length; person++)
            {
                label[person] = random.NextDouble() < share ? 1 : 0;
            }

            asStrong += places.Where((group, g) => tails[g][group.Sum(place => label[place])] <= least * (1 + 1e-9)).Any() ? 1 : 0;
        }

        return (pValues, (1.0 + asStrong) / (1 + replicates));
    }
}
