using SynthStudio.Evaluation.Boosting;
using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Detection;

/// <summary>
/// Classifier two-sample test: the AUC with which boosted trees (100 rounds, three stratified folds) tell training rows from others.
/// 0.5 cannot be told, 1 is always told. Clearly below 0.5 means copied rows: they stand in test folds under both labels.
/// </summary>
internal sealed class TreeDetectionMetric(EvaluationContext context)
{
    private const int Rounds = 100;

    // Numbers first, then categories.
    private readonly int[] features =
        [.. Enumerable.Range(0, context.Columns.Count).OrderBy(column => context.Columns[column].IsNumeric ? 0 : 1)];

    /// <exception cref="BoostingException">LightGBM refuses the data.</exception>
    public IReadOnlyList<TreeDetectionResult> Measure(IReadOnlyList<EncodedTable> candidates)
    {
        var tests = candidates
            .Select(candidate => new TwoSampleRows(context.Train, candidate, context.Options.MaxDetectionRows, context.Seed))
            .ToArray();
        var datasets = new BoostingDataset?[candidates.Count];
        try
        {
            var builder = new FeatureBuilder(context.Train, features);
            Parallel.For(0, datasets.Length, context.Parallelism, i => datasets[i] = Bin(builder, candidates[i], tests[i]));

            // All folds of all candidates side by side, one thread each: boosting small data with several threads gains little.
            var folds = new (double Auc, double[] Gains, double[] Roc)[candidates.Count * TwoSampleRows.FoldCount];
            Parallel.For(0, folds.Length, context.Parallelism, job =>
            {
                var (i, fold) = Math.DivRem(job, TwoSampleRows.FoldCount);
                folds[job] = RunFold(datasets[i]!, tests[i], fold);
            });
            return [.. folds.Chunk(TwoSampleRows.FoldCount).Select((chunk, i) => Summarise(chunk, tests[i].Size))];
        }
        finally
        {
            foreach (var dataset in datasets)
            {
                dataset?.Dispose();
            }
        }
    }

    private BoostingDataset Bin(FeatureBuilder builder, EncodedTable candidate, TwoSampleRows rows)
    {
        var values = new double[2 * rows.Size * features.Length];
        builder.Write(context.Train, rows.TrainRows, values, 0);
        builder.Write(candidate, rows.CandidateRows, values, rows.Size);
        var labels = new float[2 * rows.Size];
        Array.Fill(labels, 1, 0, rows.Size);
        return BoostingDataset.Create(new FeatureMatrix(values, 2 * rows.Size, features.Length), labels);
    }

    private (double Auc, double[] Gains, double[] Roc) RunFold(BoostingDataset dataset, TwoSampleRows rows, int fold)
    {
        var (fit, test) = rows.Split(fold);
        var (learn, stop) = HeldBackSplit.Split(fit, row => rows.IsTrain(row) ? 1 : 0, context.Seed);
        using var training = dataset.Subset(learn);
        using var heldBack = stop is null ? null : dataset.Subset(stop);
        using var testing = dataset.Subset(test);
        var options = new BoostingOptions { Objective = BoostingObjective.Binary, Rounds = Rounds, Seed = context.Seed };
        var prediction = BoostedTrees.FitAndPredict(training, heldBack, testing, options, context.Cancellation);
        var isTrain = Array.ConvertAll(test, rows.IsTrain);
        return (
            PredictionScores.AreaUnderCurve(isTrain, prediction.Values),
            prediction.Gains,
            RocCurve.Of(Array.ConvertAll(isTrain, train => !train), Array.ConvertAll(prediction.Values, p => -p)));
    }

    private TreeDetectionResult Summarise((double Auc, double[] Gains, double[] Roc)[] folds, int rows)
    {
        var shares = new double[features.Length];
        var total = Math.Max(folds.Sum(fold => fold.Gains.Sum()), double.Epsilon);
        for (var f = 0; f < features.Length; f++)
        {
            shares[features[f]] = folds.Sum(fold => fold.Gains[f]) / total;
        }

        var auc = folds.Average(fold => fold.Auc);
        var roc = Enumerable.Range(0, RocCurve.Steps + 1).Select(i => folds.Average(fold => fold.Roc[i])).ToArray();
        return new TreeDetectionResult(Estimate.OfNormal(auc, RankTest.StandardError(auc, rows, rows)), shares, roc);
    }
}
