using SynthStudio.Evaluation.Attacks;
using SynthStudio.Evaluation.Distance;
using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Neighbours;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Copies;

/// <summary>
/// Exact and near copies of training rows, and distance ratios. Training and holdout rows of the same number are exchangeable when nothing
/// leaks, so that a synthetic row is as likely closer to the one as to the other: whatever exceeds that is copied.
/// </summary>
internal sealed class CopyMetric(EvaluationContext context)
{
    private const double SameDistance = 1e-9;
    private const double LowQuantile = 0.05;

    /// <summary>Ratios of distances at which rows are counted, and the share of rows, those nearest to any real row, that is looked at.</summary>
    private static readonly (double Ratio, double Closest)[] Strengths = [(0, 1), (0.125, 1), (0.25, 1), (0.5, 1), (0.5, 0.1), (0.5, 0.02)];

    public CopyResult Measure(EncodedTable synthetic, EncodedTable? holdout, AttackBudget budget)
    {
        var scales = NumberScale.OfAll(context.Train);
        if (holdout is null)
        {
            return new CopyResult { ExactRows = (int)Math.Round(new ExactMatches(context.Train, scales).Share(synthetic, scales) * synthetic.RowCount) };
        }

        var (rows, copies, pValue) = ExactCopies.Count(context.Train, synthetic, holdout, scales, context.Seed + 113);
        return Near(synthetic, holdout, budget, scales) with { ExactRows = rows, ExactCopies = copies, ExactPValue = pValue };
    }

    private CopyResult Near(EncodedTable synthetic, EncodedTable holdout, AttackBudget budget, NumberScale[] scales)
    {
        var size = Math.Min(budget.ReferenceRows, Math.Min(context.Train.RowCount, holdout.RowCount));
        var queries = Rows(synthetic, budget.CopyRows, 0);
        var toTrain = new NeighbourSearch(Rows(context.Train, size, 1)).Find(queries, 2, context.Parallelism);
        var toHoldout = new NeighbourSearch(Rows(holdout, size, 2)).Find(queries, 2, context.Parallelism);
        double[] closeness = [.. toTrain.Zip(toHoldout, (train, other) => Math.Min(train[0].Distance, other[0].Distance))];
        var ascending = closeness.Order().ToArray();
        var near = Strengths.Select(strength =>
        {
            // Which rows are looked at does not depend on which side is the nearer one.
            var limit = ascending[(int)(strength.Closest * (ascending.Length - 1))];
            int[] rows = [.. Enumerable.Range(0, closeness.Length).Where(row => closeness[row] <= limit)];
            var train = rows.Count(row => IsNear(toTrain[row], toHoldout[row], strength.Ratio));
            var other = rows.Count(row => IsNear(toHoldout[row], toTrain[row], strength.Ratio));
            return new NearMatches(strength.Ratio, strength.Closest, train, other, Significance.SignTest(train, other));
        }).ToArray();
        var strongest = near.MinBy(matches => matches.PValue)!;

        // Copies of training rows that are not among those compared with are as frequent as those that are.
        var scale = (double)context.Train.RowCount / size / queries.RowCount;
        var excess = scale * (strongest.ToTrain - strongest.ToHoldout);
        var deviation = scale * Math.Sqrt(strongest.ToTrain + strongest.ToHoldout);
        return new CopyResult
        {
            ExactRows = 0,
            RowsCompared = queries.RowCount,
            ReferenceRows = size,
            Near = near,
            NearCopyShare = Estimate.OfNormal(excess, deviation),
            NearPValue = Math.Min(1, strongest.PValue * Strengths.Length),
            Ratios = new DistanceRatios(
                Quantile(toTrain, 0.5), Quantile(toHoldout, 0.5), Quantile(toTrain, LowQuantile), Quantile(toHoldout, LowQuantile)),
        };

        GowerRows Rows(EncodedTable table, int most, int salt) =>
            new(table.Take(RowSample.Draw(table.RowCount, most, context.Seed + 110 + salt)), scales);
    }

    /// <summary>Whether a row is so much closer to one row of the near table than to any row of the far one, and to any other of its own.</summary>
    private static bool IsNear(Neighbour[] near, Neighbour[] far, double ratio)
    {
        var others = Math.Min(far[0].Distance, ratio > 0 && near.Length > 1 ? near[1].Distance : double.PositiveInfinity);
        return near[0].Distance <= (ratio * others) + SameDistance && others > SameDistance;
    }

    private static double Quantile(Neighbour[][] nearest, double share)
    {
        var ratios = Array.ConvertAll(nearest, n => n.Length < 2 ? 1 : (n[0].Distance + SameDistance) / (n[1].Distance + SameDistance));
        Array.Sort(ratios);
        return ratios[(int)(share * (ratios.Length - 1))];
    }
}
