using SynthStudio.Evaluation.Attacks;
using SynthStudio.Evaluation.Neighbours;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Membership;

/// <summary>
/// Membership inference with real members and real non-members. By distance: whoever stands close to a synthetic row was in training. By
/// density ratio, after DOMIAS (van Breugel et al. 2302.12580): whoever stands closer to synthetic rows than the population would explain,
/// log of the distances to the nearest rows of a reference, half of the holdout, over those to the nearest synthetic rows.
/// </summary>
internal sealed class MembershipMetric(AttackTables tables)
{
    /// <summary>People on each side that an attack needs to say anything.</summary>
    public const int FewestPeople = 30;

    private const int DensityNeighbours = 3;
    private const double NoDistance = 1e-6;
    private const double FalsePositiveRate = 0.01;

    /// <summary>Shares of non-members wrongly accused at which the top of a ranking is looked at.</summary>
    private static readonly double[] Tops = [0.002, FalsePositiveRate, 0.1];

    public IReadOnlyList<MembershipResult> Measure()
    {
        // The reference is the second half of the holdout; non-members come from the first.
        var half = tables.Holdout.RowCount / 2;
        var count = Math.Min(4 * tables.Budget.Targets, half);
        var (members, others) = (AttackTables.First(tables.Train, count), AttackTables.First(tables.Holdout, count));
        var synthetic = new NeighbourSearch(tables.Rows(tables.Synthetic));
        var population = new NeighbourSearch(tables.Rows(tables.Holdout.Take([.. Enumerable.Range(half, tables.Holdout.RowCount - half)])));
        var (near, nearOthers) = (tables.Nearest(members, synthetic, DensityNeighbours), tables.Nearest(others, synthetic, DensityNeighbours));
        var (far, farOthers) = (tables.Nearest(members, population, DensityNeighbours), tables.Nearest(others, population, DensityNeighbours));
        return
        [
            Rank("distance", Array.ConvertAll(near, n => -n[0].Distance), Array.ConvertAll(nearOthers, n => -n[0].Distance)),
            Rank("density_ratio", Ratios(near, far), Ratios(nearOthers, farOthers)),
        ];
    }

    private static double[] Ratios(Neighbour[][] synthetic, Neighbour[][] population) =>
        [.. synthetic.Zip(population, (s, p) => LogDistance(p) - LogDistance(s))];

    /// <summary>Mean logarithm of the distances, the nearest counting as much as the others.</summary>
    private static double LogDistance(Neighbour[] nearest) => nearest.Average(n => Math.Log(n.Distance + NoDistance));

    /// <summary>How well a score, greater for members, tells them from others: overall, and at the top of the ranking.</summary>
    public static MembershipResult Rank(string attack, double[] members, double[] others)
    {
        var (auc, pValue) = RankTest.Auc(members, others);
        var descending = others.OrderDescending().ToArray();
        foreach (var top in Tops)
        {
            var threshold = descending[(int)(top * descending.Length)];
            pValue = Math.Min(pValue, Significance.SignTest(members.Count(s => s > threshold), others.Count(s => s > threshold)));
        }

        var limit = descending[(int)(FalsePositiveRate * descending.Length)];
        return new MembershipResult(
            attack,
            members.Length,
            others.Length,
            auc,
            Estimate.OfShare(members.Count(s => s > limit), members.Length),
            Math.Min(1, pValue * (Tops.Length + 1)));
    }
}
