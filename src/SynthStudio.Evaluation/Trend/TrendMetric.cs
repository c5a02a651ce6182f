using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Trend;

/// <summary>
/// Column Pair Trends of SDMetrics' quality report. Two numerical columns: one minus half the difference of the Pearson correlations.
/// Other pairs: one minus the total variation distance of the contingency tables, missing being a category and numbers cut into ten bins
/// of equal width: each table by its own range (as SDMetrics does), and both by the training range.
/// </summary>
internal sealed class TrendMetric
{
    // SDMetrics' defaults since 0.27 for a pair to be associated in training.
    private const double StrongCorrelation = 0.5;
    private const double StrongAssociation = 0.3;

    private readonly EvaluationContext context;
    private readonly PairCuts train;
    private readonly IReadOnlyList<(int X, int Y)> pairs;
    private readonly double?[] associations;

    public TrendMetric(EvaluationContext context)
    {
        this.context = context;
        train = new PairCuts(context.Train, context.Train);
        pairs = context.Pairs;
        associations = new double?[pairs.Count];
        Parallel.For(0, pairs.Count, context.Parallelism, i => associations[i] = Association(pairs[i].X, pairs[i].Y));
    }

    /// <param name="candidate">The rows to score.</param>
    /// <param name="rows">By which rows the standard errors are estimated; null leaves them out.</param>
    public TrendResult Measure(EncodedTable candidate, InfluenceRows? rows = null)
    {
        var cuts = new PairCuts(candidate, context.Train);
        var trends = new PairTrend[pairs.Count];
        var influences = rows is null ? null : new TrendInfluences(rows);
        Parallel.For(0, pairs.Count, context.Parallelism, i => trends[i] = Compare(i, cuts, influences));
        return new TrendResult(trends, influences?.StandardErrors);
    }

    /// <summary>Pearson's correlation of numbers in training, null where one is constant; Cramér's V of other pairs.</summary>
    private double? Association(int x, int y) => AreNumbers(x, y)
        ? Correlation.Between(train.Correlations[x]!, train.Correlations[y]!)
        : Contingency.CramersV(train.Own[x], train.Own[y]);

    private PairTrend Compare(int pair, PairCuts other, TrendInfluences? influences)
    {
        var ((x, y), association) = (pairs[pair], associations[pair]);
        if (AreNumbers(x, y))
        {
            if (association is not { } correlation)
            {
                return new PairTrend(x, y, null, null, null, null, false);
            }

            // A constant column in the other table correlates with nothing.
            var theirs = Correlation.Between(other.Correlations[x]!, other.Correlations[y]!);
            var isStrong = Math.Abs(correlation) > StrongCorrelation;
            influences?.AddNumbers(
                (train.Correlations[x]!, train.Correlations[y]!), (other.Correlations[x]!, other.Correlations[y]!),
                correlation - (theirs ?? 0), isStrong);
            var similarity = 1 - (Math.Abs(correlation - (theirs ?? 0)) / 2);
            return new PairTrend(x, y, similarity, similarity, correlation, theirs, isStrong);
        }

        var (otherAssociation, isAssociated) = (Contingency.CramersV(other.Shared[x], other.Shared[y]), association > StrongAssociation);
        influences?.AddAssociation((train.Own[x], train.Own[y]), (other.Shared[x], other.Shared[y]), association!.Value - otherAssociation);
        return new PairTrend(
            x,
            y,
            1 - Contingency.TotalVariation(train.Own[x], train.Own[y], other.Own[x], other.Own[y]),
            1 - Contingency.TotalVariation(train.Shared[x], train.Shared[y], other.Shared[x], other.Shared[y], influences?.OfSharedBins(isAssociated)),
            association,
            otherAssociation,
            isAssociated);
    }

    private bool AreNumbers(int x, int y) => context.Columns[x].IsNumeric && context.Columns[y].IsNumeric;
}
