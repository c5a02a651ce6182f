using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Distance;

/// <summary>
/// Closeness to training rows. The share is P(nearer to training than to the holdout) + P(equally near) / 2, over equally many rows of
/// both: 0.5 is ideal, 1 is copying. Exact matches are rows that stand in a table as they are.
/// </summary>
internal sealed class DistanceMetric(EvaluationContext context)
{
    private const double EquallyNear = 1e-6;

    private readonly NumberScale[] scales =
        [.. context.Columns.Select((column, i) => column.IsNumeric ? NumberScale.Of(context.Train.PresentNumbers(i)) : default)];

    public DistanceResult Measure(EncodedTable candidate)
    {
        var keys = RowKeys.Of(candidate, scales);
        var matches = RowKeys.ShareIn(keys, RowKeys.Of(context.Train, scales));
        if (context.Tables.Holdout is not { } holdout)
        {
            return new DistanceResult { ExactMatchTrain = matches };
        }

        var size = Math.Min(context.Options.MaxDistanceReferenceRows, Math.Min(context.Train.RowCount, holdout.RowCount));
        var queries = Sample(candidate, context.Options.MaxDistanceRows);
        var near = Search(context.Train);
        var far = Search(holdout);
        double[] nearer = [.. near.Zip(far, (d, h) => d < h - EquallyNear ? 1 : d > h + EquallyNear ? 0 : 0.5)];
        var share = nearer.Average();
        var error = Math.Sqrt(nearer.Sum(value => (value - share) * (value - share))) / nearer.Length;
        return new DistanceResult
        {
            NearerToTrain = Estimate.OfNormal(share, error),
            ExactMatchTrain = matches,
            ExactMatchHoldout = RowKeys.ShareIn(keys, RowKeys.Of(holdout, scales)),
            MedianToTrain = Median(near),
            MedianToHoldout = Median(far),
            QueryRows = near.Length,
            ReferenceRows = size,
        };

        GowerRows Sample(EncodedTable table, int mostRows) =>
            new(table.Take(RowSample.Draw(table.RowCount, mostRows, context.Seed)), scales);

        double[] Search(EncodedTable table) =>
            new NearestRowSearch(Sample(table, size)).Distances(queries, context.Parallelism);
    }

    /// <summary>Only the share of rows that stand in training: all that can be said of the holdout itself.</summary>
    public DistanceResult MeasureMatches(EncodedTable candidate) =>
        new() { ExactMatchTrain = RowKeys.ShareIn(RowKeys.Of(candidate, scales), RowKeys.Of(context.Train, scales)) };

    /// <summary>The median, with the interval between the order statistics that enclose it whatever the distribution (Thompson 1936).</summary>
    private static Estimate Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        var half = Estimate.Z * Math.Sqrt(sorted.Length) / 2;
        var (low, high) = ((int)Math.Floor((sorted.Length / 2.0) - half) - 1, (int)Math.Ceiling((sorted.Length / 2.0) + half));
        return new Estimate(
            (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, sorted[Math.Max(0, low)], sorted[Math.Min(sorted.Length - 1, high)]);
    }
}
