using SynthStudio.Evaluation;
using SynthStudio.Tabular;
using SynthStudio.Worker.Running;

namespace SynthStudio.Worker.Jobs;

/// <summary>Checks rows that a new model drew.</summary>
internal static class DrawnRows
{
    /// <summary>Checks that the rows are what the schema promises.</summary>
    /// <exception cref="InvalidOperationException">They are not: the model must not be handed out.</exception>
    public static void RequireValid(Table drawn, TableSchema schema)
    {
        if (!drawn.Schema.Columns.Select(c => c.Name).SequenceEqual(schema.Columns.Select(c => c.Name)))
        {
            throw new InvalidOperationException("The model drew other columns than its schema has.");
        }

        foreach (var column in drawn.Columns)
        {
            for (var row = 0; row < column.Count; row++)
            {
                if (!IsValid(column, row))
                {
                    throw new InvalidOperationException($"The model drew an impossible value in column {column.Name}.");
                }
            }
        }
    }

    /// <summary>How alike the columns' distributions are, 0 to 1, as every member may read it; null when there is nothing to compare.</summary>
    public static double? Shape(Table train, Table drawn, JobContext context)
    {
        try
        {
            var options = new EvaluationOptions { Parts = EvaluationParts.Shape, MeasureCeiling = false, MaxParallelism = context.Order.Threads };
            return Evaluator.Evaluate(train, drawn, null, options, null, context.Cancellation).WithCountsInFives().Metrics.Shape;
        }
        catch (TableException e) when (e.Error is TableError.TooFewRows or TableError.InvalidSchema)
        {
            context.Output.Log("information", $"The drawn rows are valid, but cannot be compared with the training table: {e.Message}");
            return null;
        }
    }

    private static bool IsValid(Column column, int row) => column switch
    {
        _ when column.IsMissing(row) => column.Schema.Nullable,
        NumericColumn { Schema.Kind: ColumnKind.Decimal } number => double.IsFinite(number.Values[row]),
        NumericColumn number => double.IsFinite(number.Values[row])
            && (number.Schema.Kind is not (ColumnKind.Integer or ColumnKind.Ordinal) || double.IsInteger(number.Values[row])),
        CodedColumn coded => coded.Codes[row] < coded.Values.Length,
        _ => false,
    };
}
