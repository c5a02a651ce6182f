using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Utility;

/// <summary>All models of one target, learned from every table, side by side.</summary>
internal sealed class UtilitySuite(EvaluationContext context, EncodedTable holdout, UtilityTask task)
{
    private const string Synthetic = "synthetic", Training = "training", Both = "training and synthetic";

    /// <summary>Trees learned from synthetic rows.</summary>
    public UtilityResult? SyntheticTrees { get; private set; }

    /// <summary>Trees learned from training rows.</summary>
    public UtilityResult? TrainingTrees { get; private set; }

    /// <exception cref="Boosting.BoostingException">LightGBM refuses the data.</exception>
    public TargetUtility Measure()
    {
        var metric = new UtilityMetric(context, holdout, task);
        var (trees, linear) = (new TreePredictor(context, task.Column), new LinearPredictor(context, task.Column));
        (IPredictor Predictor, string From, EncodedTable Table)[] models =
        [
            (trees, Both, Mixed()), // The longest first.
            (trees, Synthetic, context.Tables.Synthetic),
            (trees, Training, context.Train),
            (linear, Synthetic, context.Tables.Synthetic),
            (linear, Training, context.Train),
        ];
        var results = new UtilityResult[models.Length];
        Parallel.For(0, models.Length, context.Parallelism, i => results[i] = metric.Measure(models[i].Predictor, models[i].Table));
        (SyntheticTrees, TrainingTrees) = (results[1], results[2]);
        return new TargetUtility(
            context.Columns[task.Column].Name,
            task.Task.ToString().ToLowerInvariant(),
            task.Measure,
            [.. models.Zip(results, (model, result) => new ModelUtility(model.Predictor.Name, model.From, result.Score, result.Rows, result.Reason))],
            Agreement(),
            Features());
    }

    /// <summary>Training and synthetic rows together, no more than models learn from: of a large table nothing is copied in vain.</summary>
    private EncodedTable Mixed()
    {
        var (real, made) = (context.Train, context.Tables.Synthetic);
        var rows = RowSample.DrawIfMore(real.RowCount + made.RowCount, context.Options.MaxUtilityRows, context.Seed);
        return real.Take(Array.FindAll(rows, row => row < real.RowCount))
            .Append(made.Take([.. rows.Where(row => row >= real.RowCount).Select(row => row - real.RowCount)]));
    }

    private double? Agreement() => SyntheticTrees?.Gains is { } synthetic && TrainingTrees?.Gains is { } training
        ? RankCorrelation.Spearman([.. synthetic.Where((_, c) => c != task.Column)], [.. training.Where((_, c) => c != task.Column)])
        : null;

    private IReadOnlyList<FeatureImportance> Features()
    {
        if (SyntheticTrees?.Gains is not { } synthetic || TrainingTrees?.Gains is not { } training)
        {
            return [];
        }

        var (all, allTraining) = (Math.Max(synthetic.Sum(), double.Epsilon), Math.Max(training.Sum(), double.Epsilon));
        return
        [
            .. Enumerable.Range(0, training.Length).Where(c => c != task.Column)
                .Select(c => new FeatureImportance(context.Columns[c].Name, training[c] / allTraining, synthetic[c] / all))
                .OrderByDescending(feature => feature.Training),
        ];
    }
}
