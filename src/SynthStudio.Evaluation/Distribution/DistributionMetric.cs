using SynthStudio.Evaluation.Accuracy;
using SynthStudio.Evaluation.Distance;
using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Distribution;

/// <summary>
/// Wasserstein-1 distance of numbers over training's range, and Jensen-Shannon distance (the root of the divergence to base 2) of every
/// column: numbers over QA bins, categories over all of them, missing being one.
/// </summary>
internal sealed class DistributionMetric(EvaluationContext context)
{
    private readonly NumberScale[] scales = NumberScale.OfAll(context.Train);
    private readonly AccuracyBins?[] bins =
        [.. context.Columns.Select((column, i) => column.IsNumeric ? new AccuracyBins(i, [context.Train]) : null)];

    public DistributionResult Measure(EncodedTable candidate)
    {
        var wasserstein = new double?[context.Columns.Count];
        var jensenShannon = new double[wasserstein.Length];
        Parallel.For(0, wasserstein.Length, context.Parallelism, column =>
        {
            wasserstein[column] = context.Columns[column].IsNumeric ? Wasserstein(column, candidate) : null;
            jensenShannon[column] = Divergence.JensenShannon(Binned(column, context.Train), Binned(column, candidate));
        });
        return new DistributionResult(wasserstein, jensenShannon);
    }

    /// <summary>A column without values is as far as can be from one with some.</summary>
    private double Wasserstein(int column, EncodedTable candidate)
    {
        var (train, other) = (context.Train.PresentNumbers(column), candidate.PresentNumbers(column));
        if (train.Length == 0 || other.Length == 0)
        {
            return train.Length == other.Length ? 0 : 1;
        }

        Array.Sort(train);
        Array.Sort(other);
        return Divergence.Wasserstein(train, other) / scales[column].Range;
    }

    private BinnedColumn Binned(int column, EncodedTable table) => bins[column]?.Apply(table)
        ?? new BinnedColumn(Array.ConvertAll(table.Codes(column), code => code - EncodedTable.MissingCode), table.Columns[column].Categories.Length + 1);
}
