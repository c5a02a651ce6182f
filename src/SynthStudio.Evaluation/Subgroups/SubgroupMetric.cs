using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Shape;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Subgroups;

/// <summary>Column shapes within the groups that a categorical column makes: a small group may be poor where the whole looks good.</summary>
internal sealed class SubgroupMetric(EvaluationContext context)
{
    /// <summary>A group with fewer rows is not scored: chance alone would make it look poor.</summary>
    private const int FewestRows = 50;

    private const int MostGroups = 12;

    /// <param name="column">A categorical column.</param>
    public IReadOnlyList<SubgroupResult> Measure(int column)
    {
        var (train, synthetic, holdout) = (context.Train, context.Tables.Synthetic, context.Tables.Holdout);
        var groups = train.Codes(column).Where(code => code != EncodedTable.MissingCode).CountBy(code => code)
            .Where(group => group.Value >= FewRows.Least) // Fewer would be people, no group.
            .OrderByDescending(group => group.Value).ThenBy(group => group.Key).Take(MostGroups).Select(group => group.Key).ToArray();
        var results = new SubgroupResult[groups.Length];
        Parallel.For(0, groups.Length, context.Parallelism, g =>
        {
            var (real, made) = (Group(train, column, groups[g]), Group(synthetic, column, groups[g]));
            var shape = Shape(real, made, column);
            results[g] = new SubgroupResult(
                context.Columns[column].Name,
                context.Columns[column].Categories[groups[g]],
                real.RowCount,
                made.RowCount,
                (double)real.RowCount / train.RowCount,
                (double)made.RowCount / synthetic.RowCount,
                shape,
                holdout is null ? null : Shape(real, Group(holdout, column, groups[g]), column),
                shape is { } score ? Estimate.OfNormal(score, ShapeError(real, made, column)) : null);
        });
        return results;
    }

    private double ShapeError(EncodedTable real, EncodedTable made, int column)
    {
        var influence = new Influence(InfluenceRows.Draw(real.RowCount, made.RowCount, context.Seed));
        foreach (var other in Enumerable.Range(0, context.Columns.Count).Where(other => other != column))
        {
            ShapeScores.AddInfluence(influence, real, made, other, context.Seed);
        }

        return influence.StandardError!.Value;
    }

    private static EncodedTable Group(EncodedTable table, int column, int code) =>
        table.Take([.. Enumerable.Range(0, table.RowCount).Where(row => table.Codes(column)[row] == code)]);

    private static double? Shape(EncodedTable real, EncodedTable other, int column) => real.RowCount < FewestRows || other.RowCount < FewestRows
        ? null
        : ShapeScores.Between(real, other).Where((_, c) => c != column).Average();
}
