using SynthStudio.Evaluation.Boosting;
using SynthStudio.Evaluation.Detection;
using SynthStudio.Evaluation.Reporting;
using SynthStudio.Evaluation.Utility;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Parts;

/// <summary>The parts of an evaluation in which models learn: to tell rows apart, and to predict.</summary>
/// <param name="context">The evaluation.</param>
/// <param name="report">Gets the results.</param>
/// <param name="schema">Names the target and the task.</param>
internal sealed class LearnedParts(EvaluationContext context, ReportBuilder report, TableSchema schema)
{
    public void MeasureDetection() => BoostingGuard.Run(context, ["c2st_auc"], () =>
    {
        var results = new TreeDetectionMetric(context).Measure(
            context.Ceiling is null ? [context.Tables.Synthetic] : [context.Tables.Synthetic, context.Ceiling]);
        report.Detection = results[0];
        report.DetectionCeiling = results.ElementAtOrDefault(1);
    });

    public void MeasureLogisticDetection()
    {
        var results = new LogisticDetectionMetric(context).Measure(
            context.Ceiling is null ? [context.Tables.Synthetic] : [context.Tables.Synthetic, context.Ceiling]);
        report.LogisticDetection = results[0];
        report.LogisticDetectionCeiling = context.Ceiling is null ? null : results[1];
    }

    public void MeasureUtility()
    {
        string[] metrics = ["tstr", "trtr"];
        if (WhyNoUtility() is { } reason)
        {
            context.SkipAll([.. metrics, "fairness"], reason);
            return;
        }

        BoostingGuard.Run(context, metrics, () =>
        {
            var part = new UtilityPart(context, schema.Target, schema.Task);
            report.Utility = part;
            part.Measure(context.Tables.Holdout!);
            foreach (var (name, result) in metrics.Zip([part.Synthetic, part.Training]).Where(pair => pair.Second?.Reason is not null))
            {
                context.Skip(name, result!.Reason!);
            }

            if (part.Synthetic is null)
            {
                context.SkipAll(metrics, "the schema names no target to predict");
            }
        });
    }

    private string? WhyNoUtility()
    {
        var (target, task) = (schema.Target, schema.Task);
        var column = context.Columns.FirstOrDefault(column => column.Name == target);
        return context.Tables.Holdout is null ? EvaluationRun.NoHoldout
            : context.Options.Targets.Count > 0 ? null
            : target is null || task is null ? "the schema names no target to predict"
            : column is null ? $"the target '{target}' is not a scored column"
            : context.Columns.Count < 2 ? "there is no column besides the target"
            : task == LearningTask.Regression && !column.IsNumeric ? "a regression needs a numerical target"
            : null;
    }
}
