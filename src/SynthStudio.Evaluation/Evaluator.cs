using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Reporting;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation;

/// <summary>Scores a synthetic table beside the table it was learned from.</summary>
public static class Evaluator
{
    /// <summary>Fewer rows than this in any table are refused.</summary>
    public const int FewestRows = 10;

    /// <summary>Measures how alike, how useful and how safe <paramref name="synthetic"/> is.</summary>
    /// <param name="train">The rows the generator learned from; its schema says the columns' kinds and the target.</param>
    /// <param name="synthetic">The rows to score, read with the same schema. More rows than in training are cut to as many, at random.</param>
    /// <param name="holdout">Rows of the same source that the generator never saw. Without them whatever needs them is not measured.</param>
    /// <param name="options">What is measured and on how many rows.</param>
    /// <param name="progress">Told after each part.</param>
    /// <param name="cancellation">Stops the evaluation soon.</param>
    /// <exception cref="TableException">A table has too few rows, lacks a column, or has no column that can be scored.</exception>
    /// <exception cref="OperationCanceledException">The evaluation was cancelled.</exception>
    public static EvaluationReport Evaluate(
        Table train,
        Table synthetic,
        Table? holdout,
        EvaluationOptions options,
        IProgress<EvaluationProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        RequireRows(train, "training");
        RequireRows(synthetic, "synthetic");
        if (holdout is not null)
        {
            RequireRows(holdout, "holdout");
        }

        var run = new EvaluationRun(train, synthetic, holdout, options, progress, cancellation);
        return run.Execute();
    }

    private static void RequireRows(Table table, string name)
    {
        if (table.RowCount < FewestRows)
        {
            throw new TableException(
                TableError.TooFewRows, $"The {name} table has too few rows: {table.RowCount}; an evaluation needs at least {FewestRows}.");
        }

        if (name == "training" && !table.Schema.Columns.Any(column => TableEncoder.IsScored(column.Kind)))
        {
            throw new TableException(
                TableError.InvalidSchema, "No column can be scored: all are identifiers, free text or ignored. Give a schema that says otherwise.");
        }
    }
}
