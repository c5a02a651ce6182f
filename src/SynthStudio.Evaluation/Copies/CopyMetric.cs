using SynthStudio.Evaluation.Attacks;
using SynthStudio.Evaluation.Distance;
using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Neighbours;

namespace SynthStudio.Evaluation.Copies;

/// <summary>Exact and near copies of training rows, and distance ratios.</summary>
internal sealed class CopyMetric(EvaluationContext context)
{
    private const double SameDistance = 1e-9;
    private const double LowQuantile = 0.05;

    private readonly NumberScale[] scales = NumberScale.OfAll(context.Train);

    /// <param name="synthetic">The rows that may be copies.</param>
    /// <param name="holdout">People the generator never saw; null only counts rows that stand in training.</param>
    /// <param name="budget">Rows that are looked at; null leaves near copies out.</param>
    public CopyResult Measure(EncodedTable synthetic, EncodedTable? holdout, AttackBudget? budget)
    {
        if (holdout is null)
        {
            var known = RowKeys.Of(context.Train, scales).ToHashSet();
            return new CopyResult { ExactRows = RowKeys.Of(synthetic, scales).Count(known.Contains) };
        }

        var (rows, uniqueShare, copies, pValue) = ExactCopies.Count(context.Train, synthetic, holdout, scales);
        var exact = new CopyResult { ExactRows = rows, UniqueShare = uniqueShare, ExactCopies = copies, ExactPValue = pValue };
        if (budget is null)
        {
            return exact;
        }

        var (near, people, nearPValue) = new NearCopies(context, scales).Count(synthetic, holdout, budget);
        return exact with { Near = near, NearCopies = people, NearPValue = nearPValue, Ratios = Ratios(synthetic, holdout, budget) };
    }

    private DistanceRatios Ratios(EncodedTable synthetic, EncodedTable holdout, AttackBudget budget)
    {
        var size = Math.Min(budget.ReferenceRows, Math.Min(context.Train.RowCount, holdout.RowCount));
        var queries = Rows(synthetic, budget.RatioRows, 113);
        var toTrain = new NeighbourSearch(Rows(context.Train, size, 114)).Find(queries, 2, context.Parallelism);
        var toHoldout = new NeighbourSearch(Rows(holdout, size, 115)).Find(queries, 2, context.Parallelism);
        return new DistanceRatios(Quantile(toTrain, 0.5), Quantile(toHoldout, 0.5), Quantile(toTrain, LowQuantile), Quantile(toHoldout, LowQuantile));

        GowerRows Rows(EncodedTable table, int most, int salt) =>
            new(table.Take(RowSample.Draw(table.RowCount, most, context.Seed + salt)), scales);
    }

    private static double Quantile(Neighbour[][] nearest, double share)
    {
        var ratios = Array.ConvertAll(nearest, n => n.Length < 2 ? 1 : (n[0].Distance + SameDistance) / (n[1].Distance + SameDistance));
        Array.Sort(ratios);
        return ratios[(int)(share * (ratios.Length - 1))];
    }
}
