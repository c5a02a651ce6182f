using SynthStudio.Evaluation.Attacks;
using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Neighbours;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Linkability;

/// <summary>
/// Linkability (2211.10459, section 5.2): half of a person's columns is in one hand, the other half in another. The nearest synthetic rows
/// of both halves are looked up; a common one links the halves. The baseline takes random rows instead of the nearest.
/// </summary>
internal sealed class LinkabilityMetric(AttackTables tables)
{
    public const int FewestColumns = 4;

    private static readonly int[] Neighbours = [1, 10];

    public IReadOnlyList<AttackResult> Measure()
    {
        var columns = new RandomState(tables.Seed + 21).Permutation(tables.Synthetic.Columns.Count);
        var left = Array.FindAll(columns, column => Array.IndexOf(columns, column) % 2 == 0);
        var right = columns.Except(left).ToArray();
        var (train, holdout) = (AttackTables.First(tables.Train, tables.Budget.Targets), AttackTables.First(tables.Holdout, tables.Budget.Targets));
        var trainLinks = Links(train, left, right);
        var holdoutLinks = Links(holdout, left, right);
        var random = new RandomState(tables.Seed + 22);
        return [.. Neighbours.Select(k => new AttackTally(
            trainLinks.Count(ranks => ranks <= k),
            train.RowCount,
            holdoutLinks.Count(ranks => ranks <= k),
            holdout.RowCount,
            Enumerable.Range(0, train.RowCount).Count(_ => RandomLink(k, random)))
            .ToResult("linkability", k == 1 ? "nearest row" : $"nearest {k} rows"))];
    }

    /// <summary>For each person the least number of neighbours to look up on both sides until a row is common; more than the most when there is none.</summary>
    private int[] Links(EncodedTable people, int[] left, int[] right)
    {
        var sides = new[] { left, right }.Select(side =>
            tables.Nearest(people, new NeighbourSearch(tables.Rows(tables.Synthetic, side)), Neighbours[^1], side)).ToArray();
        return [.. sides[0].Zip(sides[1], FirstCommon)];
    }

    private static int FirstCommon(Neighbour[] left, Neighbour[] right)
    {
        var rankOf = right.Select((neighbour, rank) => (neighbour.Row, rank)).ToDictionary(pair => pair.Row, pair => pair.rank);
        var first = int.MaxValue;
        for (var rank = 0; rank < left.Length; rank++)
        {
            first = rankOf.TryGetValue(left[rank].Row, out var other) ? Math.Min(first, Math.Max(rank, other) + 1) : first;
        }

        return first;
    }

    private bool RandomLink(int count, RandomState random)
    {
        var rows = tables.Synthetic.RowCount;
        var left = Enumerable.Range(0, count).Select(_ => random.Below(rows)).ToHashSet();
        return Enumerable.Range(0, count).Any(_ => left.Contains(random.Below(rows)));
    }
}
