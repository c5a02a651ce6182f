using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Statistics;
using SynthStudio.Evaluation.Utility;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Fairness;

/// <summary>
/// Parity of target rates and of what models achieve across the groups of a protected column. What training has is no merit; a synthetic
/// table that widens a gap is a defect.
/// </summary>
internal sealed class FairnessMetric(EvaluationContext context, UtilityTask task)
{
    private const int MostGroups = 12;
    private const int FewestRows = 50;

    /// <param name="column">The protected column, categorical.</param>
    /// <param name="isGuessed">Whether it was chosen by its name.</param>
    /// <param name="training">Trees learned from training rows; null when there are none.</param>
    /// <param name="synthetic">Trees learned from synthetic rows; null when there are none.</param>
    public FairnessResult Measure(int column, bool isGuessed, UtilityResult? training, UtilityResult? synthetic)
    {
        var codes = context.Train.Codes(column).Where(code => code != EncodedTable.MissingCode).CountBy(code => code)
            .Where(group => group.Value >= FewestRows)
            .OrderByDescending(group => group.Value).ThenBy(group => group.Key).Take(MostGroups).Select(group => group.Key).ToArray();
        var favoured = Favoured();
        var groups = codes.Select(code =>
        {
            var (real, made) = (Targets(context.Train, column, code), Targets(context.Tables.Synthetic, column, code));
            return new FairnessGroup(
                context.Columns[column].Categories[code],
                real.Length,
                made.Length,
                Rate(real, favoured),
                Rate(made, favoured),
                Score(training, column, code),
                Score(synthetic, column, code));
        }).ToArray();
        return new FairnessResult(
            context.Columns[column].Name,
            isGuessed,
            context.Columns[task.Column].Name,
            favoured is { } value ? context.Columns[task.Column].Categories[(int)value] : null,
            groups,
            Gap(groups.Select(group => group.RateTraining?.Value)),
            Gap(groups.Select(group => group.RateSynthetic?.Value)),
            Gap(groups.Select(group => group.ScoreTraining)),
            Gap(groups.Select(group => group.ScoreSynthetic)));
    }

    /// <summary>The greatest of two classes, as utility predicts it; the most frequent of several; null for numbers.</summary>
    private double? Favoured()
    {
        var targets = TargetRows.Targets(context.Train, task.Column, TargetRows.Of(context.Train, task.Column));
        return task.Task switch
        {
            LearningTask.Regression => null,
            LearningTask.Binary => targets.DefaultIfEmpty(0).Max(),
            _ => targets.CountBy(value => value).OrderByDescending(value => value.Value).ThenBy(value => value.Key).Select(value => value.Key).FirstOrDefault(),
        };
    }

    private double[] Targets(EncodedTable table, int column, int code) =>
        TargetRows.Targets(table, task.Column, [.. TargetRows.Of(table, task.Column).Where(row => table.Codes(column)[row] == code)]);

    private static Estimate? Rate(double[] targets, double? favoured)
    {
        if (targets.Length == 0)
        {
            return null;
        }

        if (favoured is { } value)
        {
            return Estimate.OfShare(targets.Count(target => target == value), targets.Length);
        }

        var mean = targets.Average();
        var deviation = Math.Sqrt(targets.Average(target => (target - mean) * (target - mean)) / targets.Length);
        return Estimate.OfNormal(mean, deviation, double.NegativeInfinity, double.PositiveInfinity);
    }

    private double? Score(UtilityResult? result, int column, int code)
    {
        if (result is not { Prediction: { } prediction, Labels: { } labels } || context.Tables.Holdout is not { } holdout)
        {
            return null;
        }

        var testRows = TargetRows.Of(holdout, task.Column);
        int[] rows = [.. Enumerable.Range(0, testRows.Length).Where(i => holdout.Codes(column)[testRows[i]] == code)];
        var truth = TargetRows.Targets(holdout, task.Column, testRows);
        return rows.Select(row => truth[row]).Distinct().Take(2).Count() < 2 || rows.Length < FewestRows
            ? null
            : labels.Score(prediction, rows);
    }

    private static double? Gap(IEnumerable<double?> values)
    {
        var present = values.OfType<double>().ToArray();
        return present.Length < 2 ? null : present.Max() - present.Min();
    }
}
