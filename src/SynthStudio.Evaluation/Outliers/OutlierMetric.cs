using SynthStudio.Evaluation.Attacks;
using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Neighbours;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Outliers;

/// <summary>
/// Outlier exposure. A person is as rare as it is far from its fifth nearest other person in training and holdout together; the rarest
/// tenth is looked at. Rarity does not know who is in training, so without a leak rare people of both tables are equally far from
/// synthetic rows.
/// </summary>
internal sealed class OutlierMetric(AttackTables tables)
{
    /// <summary>People on each side that are needed to say anything.</summary>
    public const int FewestPeople = 100;

    private const int RarityNeighbour = 5;
    private const double RareShare = 0.1;

    /// <summary>What was found; null when all rare people are on one side, so that nothing can be compared.</summary>
    public OutlierResult? Measure()
    {
        var count = Math.Min(tables.Budget.RarityRows, tables.Train.RowCount);
        var (train, holdout) = (AttackTables.First(tables.Train, count), AttackTables.First(tables.Holdout, count));
        var rarity = Rarity(train, holdout);
        var limit = rarity.OrderDescending().ElementAt((int)(RareShare * rarity.Length));
        var synthetic = new NeighbourSearch(tables.Rows(tables.Synthetic));
        double[] near = [.. Closeness(train, synthetic), .. Closeness(holdout, synthetic)];
        double[] Pick(bool fromTrain, bool rare) =>
            [.. Enumerable.Range(0, near.Length).Where(i => i < count == fromTrain && rarity[i] >= limit == rare).Select(i => near[i])];

        var (rarePeople, rareOthers) = (Pick(true, true), Pick(false, true));
        if (rarePeople.Length == 0 || rareOthers.Length == 0)
        {
            return null;
        }

        var (auc, pValue) = RankTest.Auc(rarePeople, rareOthers);
        var common = Pick(true, false) is { Length: > 0 } people && Pick(false, false) is { Length: > 0 } others
            ? RankTest.Auc(people, others).Auc
            : new Estimate(0.5, 0, 1);
        return new OutlierResult(rarePeople.Length, rareOthers.Length, auc, common, -Median(rarePeople), -Median(rareOthers), pValue);
    }

    /// <summary>Distances to the fifth nearest other person, training's first.</summary>
    private double[] Rarity(EncodedTable train, EncodedTable holdout)
    {
        // Both searches among equally many people of both tables; a person that is in one of them does not count itself.
        int[] self = [.. Enumerable.Range(0, train.RowCount)];
        var (first, second) = (new NeighbourSearch(tables.Rows(train)), new NeighbourSearch(tables.Rows(holdout)));
        var parallelism = tables.Context.Parallelism;
        double[] Fifth(EncodedTable people, NeighbourSearch own, NeighbourSearch other) =>
        [
            .. own.Find(tables.Rows(people), RarityNeighbour, parallelism, self).Zip(
                other.Find(tables.Rows(people), RarityNeighbour, parallelism),
                (mine, theirs) => mine.Concat(theirs).Select(n => n.Distance).Order().ElementAt(RarityNeighbour - 1)),
        ];
        return [.. Fifth(train, first, second), .. Fifth(holdout, second, first)];
    }

    private double[] Closeness(EncodedTable people, NeighbourSearch synthetic) => Array.ConvertAll(tables.Nearest(people, synthetic, 1), n => -n[0].Distance);

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
