using System.Runtime.InteropServices;
using SynthStudio.Evaluation.Distance;
using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Copies;

/// <summary>
/// How many synthetic rows are copies of training rows, beyond what chance explains. Looked at are real rows that stand once in training and
/// holdout together: all of them, and those of rarer values (<see cref="Surprise"/>). When nothing leaks, those that synthetic rows equal are
/// of training as often as such rows are at all: an exact binomial test for each group (weighted Bonferroni). What stands several times
/// among real rows is common, no one's secret, and left out; copies of whatever is left out are taken to be as frequent as copies of the
/// rest. Equal synthetic rows share their luck and are one observation.
/// </summary>
internal static class ExactCopies
{
    /// <summary>Shares of the rows that stand once, those of the rarest values, that are looked at, and the weight of each test.</summary>
    private static readonly (double Rare, double Weight)[] Groups = [(1, 0.5), (0.75, 0.25), (0.5, 0.25)];

    public static (int Rows, double UniqueShare, Estimate Copies, double PValue) Count(
        EncodedTable train, EncodedTable synthetic, EncodedTable holdout, NumberScale[] scales)
    {
        var (surprise, otherSurprise) = Surprise.Of(train, holdout);
        var seen = new Dictionary<UInt128, RealRow>(train.RowCount + holdout.RowCount);
        foreach (var (row, key) in RowKeys.Of(train, scales).Index())
        {
            ref var real = ref CollectionsMarshal.GetValueRefOrAddDefault(seen, key, out _);
            real = new RealRow(real.Train + 1, real.Holdout, (float)surprise[row]);
        }

        foreach (var (row, key) in RowKeys.Of(holdout, scales).Index())
        {
            ref var real = ref CollectionsMarshal.GetValueRefOrAddDefault(seen, key, out _);
            real = new RealRow(real.Train, real.Holdout + 1, (float)otherSurprise[row]);
        }

        var matches = RowKeys.Of(synthetic, scales).CountBy(key => key)
            .Select(pair => (Real: seen.GetValueOrDefault(pair.Key), Copies: pair.Value)).Where(match => match.Real != default).ToArray();
        var inTrain = matches.Sum(match => match.Real.Train > 0 ? match.Copies : 0);
        var unique = seen.Values.Where(real => real.IsUnique).ToArray();
        var uniqueShare = (double)unique.Count(real => real.Train > 0) / train.RowCount;
        if (unique.Length == 0 || unique.All(real => real.Train > 0) || uniqueShare == 0)
        {
            return (inTrain, uniqueShare, new Estimate(0, 0, inTrain), 1);
        }

        double[] ascending = [.. unique.Select(real => (double)real.Surprise).Order()];
        var (copies, pValue) = Groups.Select(group =>
        {
            var limit = Surprise.Limit(ascending, group.Rare);
            var some = unique.Where(real => real.Surprise >= limit).ToArray();
            var (found, chance) = Test(
                [.. matches.Where(match => match.Real.IsUnique && match.Real.Surprise >= limit)],
                some.Count(real => real.Train > 0), some.Count(real => real.Holdout > 0), train.RowCount, inTrain);
            return (found, Chance: chance / group.Weight);
        }).MinBy(result => result.Chance);
        return (inTrain, uniqueShare, copies, Math.Min(1, pValue));
    }

    private static (Estimate Copies, double PValue) Test(
        (RealRow Real, int Copies)[] matches, double unique, double uniqueOthers, double trainRows, int inTrain)
    {
        if (unique == 0 || uniqueOthers == 0)
        {
            return (new Estimate(0, 0, inTrain), 1);
        }

        var (mine, others) = (matches.Where(match => match.Real.Train > 0).ToArray(), matches.Where(match => match.Real.Holdout > 0).ToArray());
        var (ratio, scale) = (unique / uniqueOthers, trainRows / unique);
        var excess = mine.Sum(match => match.Copies) - (ratio * others.Sum(match => match.Copies));

        // One more on the other side: none found does not mean that there can be none.
        var deviation = Math.Sqrt(Squares(mine) + (ratio * ratio * (Squares(others) + 1)));
        return (
            Estimate.OfNormal(scale * excess, scale * deviation, 0, inTrain),
            Significance.BinomialTail(mine.Length, mine.Length + others.Length, unique / (unique + uniqueOthers)));

        static double Squares((RealRow Real, int Copies)[] matches) => matches.Sum(match => (double)match.Copies * match.Copies);
    }

    /// <summary>How often a row stands in both tables, and how surprising it is.</summary>
    private readonly record struct RealRow(int Train, int Holdout, float Surprise)
    {
        public bool IsUnique => Train + Holdout == 1;
    }
}
