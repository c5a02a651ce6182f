using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Shape;

/// <summary>
/// Column Shapes of SDMetrics' quality report, missing values dropped. Numbers: KSComplement, one minus the Kolmogorov-Smirnov
/// statistic. Categories: TVComplement, one minus the total variation distance. A column that lost all its values scores 0.
/// </summary>
internal sealed class ShapeMetric(EvaluationContext context)
{
    /// <param name="candidate">The rows to score.</param>
    /// <param name="rows">By which rows the mean's standard error is estimated; null leaves it out.</param>
    public ShapeResult Measure(EncodedTable candidate, InfluenceRows? rows = null)
    {
        var influence = rows is null ? null : new Influence(rows);
        var scores = new double[context.Columns.Count];
        Parallel.For(0, scores.Length, context.Parallelism, column =>
        {
            scores[column] = context.Columns[column].IsNumeric
                ? ShapeScores.OfNumbers(context.Train.SortedNumbers(column), candidate.SortedNumbers(column))
                : ShapeScores.OfCategories(context.Train, candidate, column);
            if (influence is not null)
            {
                ShapeScores.AddInfluence(influence, context.Train, candidate, column, context.Seed);
            }
        });
        return new ShapeResult(scores.Average(), scores, influence?.StandardError);
    }
}
