using SynthStudio.Evaluation.Anonymity;
using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Fairness;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Utility;

/// <summary>Utility of every wanted target, and fairness of the first across protected columns.</summary>
internal sealed class UtilityPart(EvaluationContext context, string? schemaTarget, LearningTask? schemaTask)
{
    private readonly List<TargetUtility> targets = [];
    private readonly List<FairnessResult> fairness = [];

    public IReadOnlyList<TargetUtility> Targets => targets;

    public IReadOnlyList<FairnessResult> Fairness => fairness;

    /// <summary>Trees learned from synthetic rows that predict the schema's target; null where there is none.</summary>
    public UtilityResult? Synthetic { get; private set; }

    /// <summary>Trees learned from training rows that predict it.</summary>
    public UtilityResult? Training { get; private set; }

    /// <exception cref="Boosting.BoostingException">LightGBM refuses the data.</exception>
    public void Measure(EncodedTable holdout)
    {
        foreach (var task in Tasks())
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var suite = new UtilitySuite(context, holdout, task);
            targets.Add(suite.Measure());
            if (context.Columns[task.Column].Name == schemaTarget)
            {
                (Synthetic, Training) = (suite.SyntheticTrees, suite.TrainingTrees);
            }

            if (fairness.Count == 0)
            {
                MeasureFairness(task, suite);
            }
        }
    }

    /// <summary>The schema's target first, then those that were asked for.</summary>
    private IEnumerable<UtilityTask> Tasks()
    {
        var named = QuasiIdentifiers.Named(context.Columns, context.Options.Targets).Select(column => UtilityTask.Infer(context.Train, column));
        var first = schemaTask is { } task && SchemaTarget() is >= 0 and var at ? [new UtilityTask(at, task)] : Array.Empty<UtilityTask>();
        return first.Concat(named).DistinctBy(wanted => wanted.Column);
    }

    private int SchemaTarget() => context.Columns.Select(column => column.Name).ToList().IndexOf(schemaTarget ?? "");

    private void MeasureFairness(UtilityTask task, UtilitySuite suite)
    {
        var isGuessed = context.Options.ProtectedColumns.Count == 0;
        var columns = isGuessed
            ? QuasiIdentifiers.GuessProtected(context.Train, schemaTarget)
            : QuasiIdentifiers.Named(context.Columns, context.Options.ProtectedColumns);
        foreach (var column in columns.Where(column => column != task.Column))
        {
            if (context.Columns[column].IsNumeric)
            {
                context.Skip($"fairness [{context.Columns[column].Name}]", "it is a number and makes no groups");
                continue;
            }

            fairness.Add(new FairnessMetric(context, task).Measure(column, isGuessed, suite.TrainingTrees, suite.SyntheticTrees));
        }

        if (columns.Length == 0)
        {
            context.Skip("fairness", "no column has a name like that of a protected attribute: name one");
        }
    }
}
