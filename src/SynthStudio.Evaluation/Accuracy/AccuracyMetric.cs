using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Accuracy;

/// <summary>
/// QA accuracy of mostlyai-qa (arXiv:2504.01908): one minus the total variation distance of binned columns and pairs of them, beside
/// training and holdout together. The maximum is what a fresh sample of the same size is expected to score,
/// 1 - sum of sqrt(2/pi p(1 - p)(1/n + 1/N)) / 2; the holdout itself scores above it, being part of what it is compared with.
/// </summary>
internal sealed class AccuracyMetric
{
    private readonly EvaluationContext context;
    private readonly AccuracyBins[] bins;
    private readonly BinnedColumn[] original;
    private readonly IReadOnlyList<(int X, int Y)> pairs;

    // Sum of sqrt(p(1 - p)) over the bins of each column and pair: all that the expected maximum needs.
    private readonly double[] columnSpreads;
    private readonly double[] pairSpreads;

    public AccuracyMetric(EvaluationContext context)
    {
        this.context = context;
        EncodedTable[] tables = context.Tables.Holdout is { } holdout ? [context.Train, holdout] : [context.Train];
        var count = context.Columns.Count;
        bins = new AccuracyBins[count];
        original = new BinnedColumn[count];
        columnSpreads = new double[count];
        pairs = context.Pairs;
        pairSpreads = new double[pairs.Count];
        Parallel.For(0, count, context.Parallelism, column =>
        {
            bins[column] = new AccuracyBins(column, tables);
            var parts = Array.ConvertAll(tables, bins[column].Apply);
            original[column] = new BinnedColumn([.. parts.SelectMany(part => part.Codes)], parts[0].Size);
            columnSpreads[column] = Spread(Contingency.Count(original[column]), original[column].Codes.Length);
        });
        Parallel.For(0, pairs.Count, context.Parallelism, i =>
        {
            var (x, y) = (original[pairs[i].X], original[pairs[i].Y]);
            pairSpreads[i] = Spread(Contingency.OccurringPairs(x, y), x.Codes.Length);
        });
    }

    /// <param name="candidate">The rows to score.</param>
    /// <param name="withErrors">Whether standard errors are estimated, training and holdout together being one table.</param>
    public AccuracyResult Measure(EncodedTable candidate, bool withErrors = false)
    {
        var rows = InfluenceRows.Draw(original[0].Codes.Length, candidate.RowCount, context.Seed);
        var (ofColumns, ofPairs, ofTriples) = (new Influence(rows), new Influence(rows), new Influence(rows));
        var binned = Array.ConvertAll(bins, b => b.Apply(candidate));
        var columnScores = new double[bins.Length];
        var pairScores = new double[pairs.Count];
        Parallel.For(0, bins.Length, context.Parallelism, column =>
            columnScores[column] = 1 - Contingency.TotalVariation(original[column], binned[column], withErrors ? [ofColumns] : []));
        Parallel.For(0, pairs.Count, context.Parallelism, i =>
        {
            var (x, y) = pairs[i];
            pairScores[i] = 1 - Contingency.TotalVariation(original[x], original[y], binned[x], binned[y], withErrors ? [ofPairs] : []);
        });

        var triples = AccuracyTriples.Sample(bins.Length, context.Options.MaxTriples, context.Seed);
        var tripleScores = new (double Score, double Spread)[triples.Length];
        Parallel.For(
            0, triples.Length, context.Parallelism,
            i => tripleScores[i] = AccuracyTriples.Compare(original, binned, triples[i], withErrors ? [ofTriples] : []));

        var noise = Math.Sqrt(2 / Math.PI * ((1.0 / original[0].Codes.Length) + (1.0 / candidate.RowCount)));
        var univariate = columnScores.Average();
        var univariateMax = 1 - (noise / 2 * columnSpreads.Average());

        // A single column is its own pair.
        return new AccuracyResult(
            univariate,
            univariateMax,
            pairs.Count > 0 ? pairScores.Average() : univariate,
            pairs.Count > 0 ? 1 - (noise / 2 * pairSpreads.Average()) : univariateMax,
            triples.Length > 0 ? tripleScores.Average(t => t.Score) : null,
            triples.Length > 0 ? 1 - (noise / 2 * tripleScores.Average(t => t.Spread)) : null,
            triples.Length,
            columnScores,
            pairScores,
            withErrors ? new AccuracyErrors(
                ofColumns.StandardError!.Value,
                ofPairs.StandardError ?? ofColumns.StandardError.Value,
                ofTriples.StandardError,
                (pairs.Count > 0 ? Influence.OfMeanOf(ofColumns, ofPairs) : ofColumns).StandardError!.Value) : null);
    }

    private static double Spread(IEnumerable<int> counts, double total) => counts.Sum(n => Math.Sqrt(n / total * (1 - (n / total))));
}
