using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Statistics;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Utility;

/// <summary>
/// Train on synthetic, test on real: how well a model learned from a table predicts a column of holdout rows, as AUC, macro-F1 or R². Rows
/// without a target are left out. Learned from the training table itself it is the ceiling (TRTR), from both the augmentation variant.
/// </summary>
internal sealed class UtilityMetric
{
    private readonly EvaluationContext context;
    private readonly EncodedTable holdout;
    private readonly UtilityTask task;
    private readonly int[] testRows;
    private readonly double[] truth;

    /// <param name="context">The evaluation.</param>
    /// <param name="holdout">The rows to predict.</param>
    /// <param name="task">The column to predict.</param>
    public UtilityMetric(EvaluationContext context, EncodedTable holdout, UtilityTask task)
    {
        this.context = context;
        this.holdout = holdout;
        this.task = task;
        testRows = TargetRows.Of(holdout, task.Column);
        truth = TargetRows.Targets(holdout, task.Column, testRows);
    }

    /// <summary>The holdout score of a model learned from <paramref name="table"/>, or why there is none.</summary>
    /// <exception cref="Boosting.BoostingException">LightGBM refuses the data.</exception>
    public UtilityResult Measure(IPredictor predictor, EncodedTable table)
    {
        if (truth.Distinct().Take(2).Count() < 2)
        {
            return UtilityResult.Without("the holdout has fewer than two values of the target");
        }

        var fitRows = TargetRows.Of(table, task.Column);
        fitRows = Array.ConvertAll(RowSample.DrawIfMore(fitRows.Length, context.Options.MaxUtilityRows, context.Seed), i => fitRows[i]);
        if (fitRows.Length == 0)
        {
            return UtilityResult.Without("no row has a target");
        }

        var labels = new TargetLabels(task.Task, TargetRows.Targets(table, task.Column, fitRows), truth);
        if (task.Task != LearningTask.Regression && (labels.Classes < 2 || labels.Classes > predictor.MostClasses))
        {
            return UtilityResult.Without($"the target has {labels.Classes} classes to learn from, 2 to {predictor.MostClasses} are needed");
        }

        var (prediction, gains) = predictor.FitAndPredict(table, fitRows, labels, holdout, testRows);
        var score = labels.Score(prediction);
        var interval = Estimate.OfNormal(score, StandardError(labels, prediction, score), double.NegativeInfinity);
        return new UtilityResult(interval, fitRows.Length, null, prediction, labels, gains);
    }

    private double StandardError(TargetLabels labels, double[] prediction, double score)
    {
        if (task.Task == LearningTask.Binary)
        {
            var positive = truth.Max();
            var positives = truth.Count(value => value == positive);
            return RankTest.StandardError(score, positives, truth.Length - positives);
        }

        return GroupJackknife.StandardError(truth.Length, context.Seed, rows => labels.Score(prediction, rows));
    }
}
