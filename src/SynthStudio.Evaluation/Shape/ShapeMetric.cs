using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Shape;

/// <summary>
/// Column Shapes of SDMetrics' quality report, missing values dropped. Numbers: KSComplement, one minus the Kolmogorov-Smirnov
/// statistic. Categories: TVComplement, one minus the total variation distance. A column that lost all its values scores 0.
/// </summary>
internal sealed class ShapeMetric(EvaluationContext context)
{
    private readonly Lazy<double[]>[] sortedTrain =
        [.. context.Columns.Select((_, column) => new Lazy<double[]>(() => Sorted(context.Train, column)))];

    public ShapeResult Measure(EncodedTable candidate)
    {
        var scores = new double[context.Columns.Count];
        Parallel.For(0, scores.Length, context.Parallelism, column =>
        {
            scores[column] = context.Columns[column].IsNumeric ? NumberShape(candidate, column) : CategoryShape(candidate, column);
        });
        return new ShapeResult(scores.Average(), scores);
    }

    private double NumberShape(EncodedTable candidate, int column)
    {
        var (train, other) = (sortedTrain[column].Value, Sorted(candidate, column));
        return train.Length == 0 || other.Length == 0
            ? WhenEmpty(train.Length, other.Length)
            : 1 - KolmogorovSmirnov.Statistic(train, other);
    }

    private double CategoryShape(EncodedTable candidate, int column)
    {
        var (train, other) = (Present(context.Train, column), Present(candidate, column));
        return train.Codes.Length == 0 || other.Codes.Length == 0
            ? WhenEmpty(train.Codes.Length, other.Codes.Length)
            : 1 - Contingency.TotalVariation(train, other);
    }

    private static double WhenEmpty(int trainCount, int otherCount) => trainCount == otherCount ? 1 : 0;

    private static BinnedColumn Present(EncodedTable table, int column) =>
        new(Array.FindAll(table.Codes(column), code => code != EncodedTable.MissingCode), table.Columns[column].Categories.Length);

    private static double[] Sorted(EncodedTable table, int column)
    {
        var values = table.PresentNumbers(column);
        Array.Sort(values);
        return values;
    }
}
