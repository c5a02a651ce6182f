using SynthStudio.Synthesis.Operations;
using SynthStudio.Synthesis.Points;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>
/// Operations on rows by a model that learned some columns in another form: columns that repeat others, and points. The rows are rewritten as
/// they were in training; a column that the model has in a part of another form only counts as absent.
/// </summary>
/// <param name="inner">The model of the rewritten rows.</param>
/// <param name="plan">How rows are rewritten.</param>
internal sealed class RewrittenRows(ITabularModel inner, ConstraintPlan plan) : IImputer, IPredictor, IRowScorer
{
    /// <summary>Whether rows can be rewritten one by one even where cells are missing.</summary>
    public static bool CanRead(ConstraintPlan plan) => plan.Transforms.All(transform => transform is DuplicateColumn or PointColumn);

    public Table Impute(Table table, long seed, CancellationToken cancellation)
    {
        var rewritten = Forward(table);
        var filled = inner.Require<IImputer>().Impute(rewritten, seed, cancellation);
        foreach (var transform in plan.Transforms.Reverse().Where(transform => filled.Schema.Columns.Any(c => transform.LearnedAs == c.Name))) filled = transform.Backward(filled);
        return new Table(table.Schema, [.. table.Columns.Select(column => filled.Schema.Columns.Any(c => c.Name == column.Name) ? Fill(column, filled[column.Name]) : column)]);
    }

    public IReadOnlyList<Prediction> Predict(Table table, string column, IReadOnlyList<double> quantiles, CancellationToken cancellation)
    {
        return inner.Require<IPredictor>().Predict(Forward(table), plan.NameOf(column), quantiles, cancellation);
    }

    public double[] LogLikelihood(Table table, int orders, long seed, CancellationToken cancellation) =>
        inner.Require<IRowScorer>().LogLikelihood(Forward(table), orders, seed, cancellation);

    private Table Forward(Table table)
    {
        foreach (var schema in plan.Schema.Columns)
        {
            if (table.Columns.FirstOrDefault(c => c.Name == schema.Name) is { } column && column is NumericColumn != schema.IsNumeric)
                throw new SynthesisException(SynthesisError.TableMismatch, $"Column '{schema.Name}' is {column.Schema.Kind} here, but the model learned it as {schema.Kind}.", schema.Name);
        }

        return plan.Transforms.Aggregate(table, (rows, transform) => transform is PointColumn points && !points.IsIn(rows)
            ? new Table(rows.Schema with { Columns = [.. rows.Schema.Columns.Where(c => !points.Has(c.Name))] }, [.. rows.Columns.Where(c => !points.Has(c.Name))])
            : transform.Forward(rows));
    }

    /// <summary>The column with its missing cells taken from another one.</summary>
    private static Column Fill(Column column, Column from)
    {
        if (column is NumericColumn numbers)
        {
            var drawn = ((NumericColumn)from).Values;
            return new NumericColumn(column.Schema, [.. numbers.Values.Select((value, row) => double.IsNaN(value) ? drawn[row] : value)]);
        }

        var (texts, fills) = ((CodedColumn)column, (CodedColumn)from);
        string[] values = [.. texts.Values, .. fills.Values];
        return new CodedColumn(
            column.Schema,
            [.. texts.Codes.Select((code, row) => code != CodedColumn.Missing || fills.Codes[row] == CodedColumn.Missing ? code : texts.Values.Length + fills.Codes[row])],
            values);
    }
}
