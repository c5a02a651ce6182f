using SynthStudio.Evaluation.Encoding;

namespace SynthStudio.Evaluation.Shape;

/// <summary>
/// Column Shapes of SDMetrics' quality report, missing values dropped. Numbers: KSComplement, one minus the Kolmogorov-Smirnov
/// statistic. Categories: TVComplement, one minus the total variation distance. A column that lost all its values scores 0.
/// </summary>
internal sealed class ShapeMetric(EvaluationContext context)
{
    private readonly Lazy<double[]>[] sortedTrain =
        [.. context.Columns.Select((_, column) => new Lazy<double[]>(() => ShapeScores.Sorted(context.Train, column)))];

    public ShapeResult Measure(EncodedTable candidate)
    {
        var scores = new double[context.Columns.Count];
        Parallel.For(0, scores.Length, context.Parallelism, column =>
        {
            scores[column] = context.Columns[column].IsNumeric
                ? ShapeScores.OfNumbers(sortedTrain[column].Value, ShapeScores.Sorted(candidate, column))
                : ShapeScores.OfCategories(context.Train, candidate, column);
        });
        return new ShapeResult(scores.Average(), scores);
    }
}
