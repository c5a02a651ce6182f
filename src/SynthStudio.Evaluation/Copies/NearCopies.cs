using SynthStudio.Evaluation.Attacks;
using SynthStudio.Evaluation.Distance;
using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Neighbours;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Copies;

/// <summary>
/// People whose nearest synthetic row is many times closer to them than any other person, of training or holdout: among all people, and among
/// those of rarer values (<see cref="Surprise"/>), whom chance hardly matches. Both are measured by training and holdout together and do not
/// know who is of training: when nothing leaks, people so exposed are of training as often as people are at all, an exact binomial test at
/// each of several ratios and for each group. They overlap: how often the strongest of them is so strong by chance is counted over random
/// labels of the exposed people (<see cref="StrongestTest"/>).
/// </summary>
internal sealed class NearCopies(EvaluationContext context, NumberScale[] scales)
{
    private const double SameDistance = 1e-9;

    /// <summary>
    /// At twice as near and the like a model that has learned its rows a little too well shows,
    /// which the DCR share tells; those are no copies.
    /// </summary>
    private const double GreatestRatio = 0.125;

    /// <summary>Ratios of distances at which people are counted, and the share of people, those of the rarest values, that is looked at.</summary>
    private static readonly (double Ratio, double Rare)[] Strengths =
        [.. from ratio in (double[])[0.03, 0.06, GreatestRatio] from rare in (double[])[1, 0.75, 0.5] select (ratio, rare)];

    public (NearMatches[] Matches, Estimate People, double PValue) Count(EncodedTable synthetic, EncodedTable holdout, AttackBudget budget)
    {
        var train = Sample(context.Train, budget.CopyPeople, 110);
        var others = Sample(holdout, budget.CopyPeople, 111);
        var drawn = Sample(synthetic, budget.CopyRows, 112);
        var people = Rows(train.Append(others));
        double[] nearest = [.. new NeighbourSearch(Rows(drawn)).Find(people, 1, context.Parallelism).Select(n => n[0].Distance)];

        // Nobody whose neighbour is within eight times that distance is counted at any ratio: the search may end there.
        int[] self = [.. Enumerable.Range(0, people.RowCount)];
        var crowd = new NeighbourSearch(people).Find(people, 1, context.Parallelism, self, Array.ConvertAll(nearest, d => d / GreatestRatio));
        var (surprise, otherSurprise) = Surprise.Of(train, others);
        double[] rarity = [.. surprise, .. otherSurprise];
        var ascending = rarity.Order().ToArray();
        double share = (double)train.RowCount / people.RowCount, odds = (double)train.RowCount / others.RowCount;
        var exposed = Array.ConvertAll(Strengths, strength =>
        {
            var limit = Surprise.Limit(ascending, strength.Rare);
            return Enumerable.Range(0, people.RowCount).Where(person => rarity[person] >= limit
                && crowd[person][0].Distance > SameDistance && nearest[person] <= (strength.Ratio * crowd[person][0].Distance) + SameDistance).ToArray();
        });
        var (pValues, together) = StrongestTest.Run(exposed, person => person < train.RowCount, share, context.Seed);
        var matches = Strengths.Zip(exposed, pValues).Select(strength =>
        {
            var (mine, control) = (strength.Second.Count(person => person < train.RowCount), strength.Second.Count(person => person >= train.RowCount));
            return new NearMatches(strength.First.Ratio, strength.First.Rare, mine, control, odds * control, strength.Third);
        }).ToArray();
        var strongest = matches.MinBy(match => match.PValue)!;

        // Copies among the rows and people that were left out are as frequent as among those looked at.
        var scale = (double)context.Train.RowCount / train.RowCount * synthetic.RowCount / drawn.RowCount / strongest.Rare;
        var deviation = Math.Sqrt(strongest.Training + (odds * odds * (strongest.Holdout + 1)));
        return (
            matches,
            Estimate.OfNormal(scale * (strongest.Training - strongest.Expected), scale * deviation, 0, context.Train.RowCount),
            together);
    }

    private EncodedTable Sample(EncodedTable table, int most, int salt) => table.Take(RowSample.Draw(table.RowCount, most, context.Seed + salt));

    private GowerRows Rows(EncodedTable table) => new(table, scales);
}
