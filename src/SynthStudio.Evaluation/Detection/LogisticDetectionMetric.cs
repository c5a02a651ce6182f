using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Detection;

/// <summary>
/// SDMetrics' logistic detection: 1 - mean over three folds of (2 max(0.5, AUC) - 1), the AUC being that of a logistic regression that
/// tells training rows from others. 1 cannot be told, 0 is always told. A regression that stops after 100 steps is seldom converged:
/// on poor tables differences of 0.01 mean nothing. Intervals are those of the AUC (Hanley and McNeil 1982).
/// </summary>
internal sealed class LogisticDetectionMetric(EvaluationContext context)
{
    private const int MostSteps = 100;
    private const double Tolerance = 1e-4;

    public Estimate[] Measure(IReadOnlyList<EncodedTable> candidates)
    {
        var features = new LogisticFeatures(context.Train);
        var tests = candidates.Select(candidate =>
        {
            var rows = new TwoSampleRows(context.Train, candidate, context.Options.MaxDetectionRows, context.Seed);
            return (Rows: rows, Features: features.Build(candidate, rows));
        }).ToArray();
        var advantages = new double[tests.Length * TwoSampleRows.FoldCount];
        Parallel.For(0, advantages.Length, context.Parallelism, job =>
        {
            var (i, fold) = Math.DivRem(job, TwoSampleRows.FoldCount);
            var auc = RunFold(features, tests[i].Features.Numbers, tests[i].Features.Places, tests[i].Rows, fold);
            advantages[job] = (2 * Math.Max(0.5, auc)) - 1;
        });
        return [.. advantages.Chunk(TwoSampleRows.FoldCount).Zip(tests, (folds, test) =>
        {
            var advantage = folds.Average();
            return Estimate.OfNormal(1 - advantage, 2 * RankTest.StandardError((1 + advantage) / 2, test.Rows.Size, test.Rows.Size));
        })];
    }

    private double RunFold(LogisticFeatures features, double[] numbers, int[] places, TwoSampleRows rows, int fold)
    {
        var (fit, test) = rows.Split(fold);
        var scaled = ScaleRobustly(numbers, features.NumberCount, fit);
        var usual = UsualPlaces(places, features.WeightCount, 2 * rows.Size);
        var regression = new LogisticRegression(scaled, places, features.NumberCount, features.CategoryColumns, usual);
        var weights = LimitedMemoryBfgs.Minimise(
            features.WeightCount + 1,
            (point, gradient) => regression.Loss(point, gradient, fit, rows.IsTrain),
            MostSteps,
            Tolerance,
            context.Cancellation);
        return PredictionScores.AreaUnderCurve(Array.ConvertAll(test, rows.IsTrain), regression.Margins(weights, test));
    }

    /// <summary>Less the median, over the interquartile range where there is one, of the rows to learn from.</summary>
    private static double[] ScaleRobustly(double[] numbers, int width, int[] fit)
    {
        var scaled = new double[numbers.Length];
        for (var c = 0; c < width; c++)
        {
            var sorted = Array.ConvertAll(fit, row => numbers[(row * width) + c]);
            Array.Sort(sorted);
            var (median, range) = (Quantile(sorted, 0.5), Quantile(sorted, 0.75) - Quantile(sorted, 0.25));
            for (var at = c; at < numbers.Length; at += width)
            {
                scaled[at] = (numbers[at] - median) / (range > 0 ? range : 1);
            }
        }

        return scaled;
    }

    private static double Quantile(double[] sorted, double share)
    {
        var position = share * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }

    private static int[] UsualPlaces(int[] places, int weightCount, int rows)
    {
        var counts = new int[weightCount];
        foreach (var place in places)
        {
            if (place >= 0)
            {
                counts[place]++;
            }
        }

        return [.. Enumerable.Range(0, weightCount).Where(place => counts[place] > rows / 2.0)];
    }
}
