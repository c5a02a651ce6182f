using SynthStudio.Evaluation.Boosting;
using SynthStudio.Evaluation.Encoding;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Utility;

/// <summary>
/// Train on synthetic, test on real: how well boosted trees (150 rounds, rate 0.08) learned from a table predict the target of holdout
/// rows, as AUC, macro-F1 or R². Rows without a target are left out. Learned from the training table itself it is the ceiling (TRTR).
/// </summary>
internal sealed class UtilityMetric
{
    private const int Rounds = 150;
    private const double LearningRate = 0.08;

    /// <summary>More classes than this take boosting too long to be worth it.</summary>
    private const int MostClasses = 200;

    private readonly EvaluationContext context;
    private readonly EncodedTable holdout;
    private readonly int target;
    private readonly LearningTask task;
    private readonly FeatureBuilder features;

    /// <param name="context">The evaluation.</param>
    /// <param name="holdout">The rows to predict.</param>
    /// <param name="target">The column to predict.</param>
    /// <param name="task">The kind of prediction.</param>
    public UtilityMetric(EvaluationContext context, EncodedTable holdout, int target, LearningTask task)
    {
        this.context = context;
        this.holdout = holdout;
        this.target = target;
        this.task = task;
        features = new FeatureBuilder(
            context.Train,
            [.. Enumerable.Range(0, context.Columns.Count).Where(c => c != target).OrderBy(c => context.Columns[c].IsNumeric ? 0 : 1)]);
    }

    /// <summary>The holdout score of trees learned from <paramref name="table"/>, or why there is none.</summary>
    /// <exception cref="BoostingException">LightGBM refuses the data.</exception>
    public UtilityResult Measure(EncodedTable table)
    {
        var testRows = RowsWithTarget(holdout);
        if (Targets(holdout, testRows).Distinct().Take(2).Count() < 2)
        {
            return UtilityResult.Without("the holdout has fewer than two values of the target");
        }

        var fitRows = RowsWithTarget(table);
        fitRows = Array.ConvertAll(RowSample.DrawIfMore(fitRows.Length, context.Options.MaxUtilityRows, context.Seed), i => fitRows[i]);
        if (fitRows.Length == 0)
        {
            return UtilityResult.Without("no row has a target");
        }

        var labels = new TargetLabels(task, Targets(table, fitRows), Targets(holdout, testRows));
        if (task != LearningTask.Regression && labels.Classes is < 2 or > MostClasses)
        {
            return UtilityResult.Without($"the target has {labels.Classes} classes to learn from, 2 to {MostClasses} are needed");
        }

        var prediction = FitAndPredict(table, fitRows, testRows, labels);
        return UtilityResult.Of(labels.Score(prediction), fitRows.Length);
    }

    private double[] FitAndPredict(EncodedTable table, int[] fitRows, int[] testRows, TargetLabels labels)
    {
        var everyRow = Enumerable.Range(0, fitRows.Length).ToArray();
        Func<int, int>? classOf = task == LearningTask.Regression ? null : row => (int)labels.Fit[row];
        var (learn, stop) = HeldBackSplit.Split(everyRow, classOf, context.Seed);
        using var whole = BoostingDataset.Create(features.Build(table, fitRows), labels.Fit);
        using var testing = BoostingDataset.Create(features.Build(holdout, testRows), new float[testRows.Length], whole);
        using var training = stop is null ? null : whole.Subset(learn);
        using var heldBack = stop is null ? null : whole.Subset(stop);
        var options = new BoostingOptions
        {
            Objective = labels.Objective,
            Classes = labels.Objective == BoostingObjective.Multiclass ? labels.Classes : 1,
            Rounds = Rounds,
            LearningRate = LearningRate,
            Seed = context.Seed,
        };
        return BoostedTrees.FitAndPredict(training ?? whole, heldBack, testing, options, context.Cancellation).Values;
    }

    private int[] RowsWithTarget(EncodedTable table) => context.Columns[target].IsNumeric
        ? [.. Enumerable.Range(0, table.RowCount).Where(row => !double.IsNaN(table.Numbers(target)[row]))]
        : [.. Enumerable.Range(0, table.RowCount).Where(row => table.Codes(target)[row] != EncodedTable.MissingCode)];

    private double[] Targets(EncodedTable table, int[] rows) => context.Columns[target].IsNumeric
        ? Array.ConvertAll(rows, row => table.Numbers(target)[row])
        : Array.ConvertAll(rows, row => (double)table.Codes(target)[row]);
}
