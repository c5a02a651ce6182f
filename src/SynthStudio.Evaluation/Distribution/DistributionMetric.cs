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

    /// <param name="candidate">The rows to score.</param>
    /// <param name="rows">By which rows the means' standard errors are estimated; null leaves them out.</param>
    public DistributionResult Measure(EncodedTable candidate, InfluenceRows? rows = null)
    {
        var (ofWasserstein, ofJensenShannon) = (rows is null ? null : new Influence(rows), rows is null ? null : new Influence(rows));
        var wasserstein = new double?[context.Columns.Count];
        var jensenShannon = new double[wasserstein.Length];
        Parallel.For(0, wasserstein.Length, context.Parallelism, column =>
        {
            wasserstein[column] = context.Columns[column].IsNumeric ? Wasserstein(column, candidate, ofWasserstein) : null;
            jensenShannon[column] = Divergence.JensenShannon(Binned(column, context.Train), Binned(column, candidate), ofJensenShannon);
        });
        return new DistributionResult(wasserstein, jensenShannon, ofWasserstein?.StandardError, ofJensenShannon?.StandardError);
    }

    /// <summary>A column without values is as far as can be from one with some.</summary>
    private double Wasserstein(int column, EncodedTable candidate, Influence? influence)
    {
        var (train, other) = (context.Train.SortedNumbers(column), candidate.SortedNumbers(column));
        if (train.Length == 0 || other.Length == 0)
        {
            influence?.Add(_ => 0, _ => 0);
            return train.Length == other.Length ? 0 : 1;
        }

        if (influence is not null)
        {
            var both = new TwoDistributions(train, other);
            both.AddTo(influence, both.WeightsOfArea(), 1 / scales[column].Range, context.Train.Numbers(column), candidate.Numbers(column));
        }

        return Divergence.Wasserstein(train, other) / scales[column].Range;
    }

    private BinnedColumn Binned(int column, EncodedTable table) => bins[column]?.Apply(table)
        ?? new BinnedColumn(Array.ConvertAll(table.Codes(column), code => code - EncodedTable.MissingCode), table.Columns[column].Categories.Length + 1);
}
