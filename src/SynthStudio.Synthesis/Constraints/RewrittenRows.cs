using SynthStudio.Synthesis.Operations;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>
/// Operations on rows by a model that learned some columns in another form. The rows are rewritten as they were in training. Where a cell of
/// that form follows from cells of which some are missing, the model is not told of it: what the others say goes unused.
/// </summary>
/// <param name="inner">The model of the rewritten rows.</param>
/// <param name="plan">How rows are rewritten.</param>
internal sealed class RewrittenRows(ITabularModel inner, ConstraintPlan plan) : IImputer, IPredictor, IRowScorer
{
    public Table Impute(Table table, long seed, CancellationToken cancellation)
    {
        RequireKinds(table);
        return new RuledImputation(inner.Require<IImputer>(), plan).Run(table, seed, cancellation);
    }

    /// <remarks>Nothing is told of the column itself: neither a difference to it nor its offset from UTC.</remarks>
    public IEnumerable<Prediction> Predict(Table table, string column, IReadOnlyList<double> quantiles, CancellationToken cancellation)
    {
        RequireKinds(table);
        table = Of(table.Schema, [.. table.Columns.Where(other => other.Name != column)], table.RowCount);
        if (plan.Transforms.OfType<JoinedColumns>().FirstOrDefault(joined => joined.Columns.Any(c => c.Name == column)) is { } combinations)
            return PredictPart(combinations, table, column, quantiles, cancellation);
        return plan.Transforms.OfType<DifferenceColumn>().FirstOrDefault(difference => difference.High.Name == column) is { } following
            ? PredictHigh(following, table, quantiles, cancellation)
            : PredictLearned(table, plan.NameOf(column), quantiles, cancellation);
    }

    /// <remarks>Rules that are built into the form are taken as kept: a row that breaks one scores as the nearest that keeps it.</remarks>
    public double[] LogLikelihood(Table table, int orders, long seed, CancellationToken cancellation)
    {
        RequireKinds(table);
        var scores = new double[table.RowCount];
        foreach (var (rows, part) in Read(table))
        {
            foreach (var (score, row) in inner.Require<IRowScorer>().LogLikelihood(part, orders, seed, cancellation).Zip(rows)) scores[row] = score;
        }

        return scores;
    }

    private IEnumerable<Prediction> PredictLearned(Table table, string learned, IReadOnlyList<double> quantiles, CancellationToken cancellation)
    {
        var partOf = new int[table.RowCount];
        var parts = new List<IEnumerator<Prediction>>();
        try
        {
            foreach (var (rows, part) in Read(table))
            {
                foreach (var row in rows) partOf[row] = parts.Count;
                parts.Add(inner.Require<IPredictor>().Predict(part, learned, quantiles, cancellation).GetEnumerator());
            }

            // Each part has its rows in the table's order.
            foreach (var part in partOf)
            {
                parts[part].MoveNext();
                yield return parts[part].Current;
            }
        }
        finally
        {
            foreach (var part in parts) part.Dispose();
        }
    }

    /// <summary>A column of combinations: the share of those with each of its values, given the row's other columns in them.</summary>
    private IEnumerable<Prediction> PredictPart(
        JoinedColumns joined, Table table, string column, IReadOnlyList<double> quantiles, CancellationToken cancellation)
    {
        var schema = joined.Columns.First(c => c.Name == column);
        return PredictLearned(table, joined.Name, [], cancellation).Select((combinations, row) => DiscretePrediction.Of(
            schema, joined.Distribution(column, combinations, table, row), combinations.Missing + (combinations.Other ?? 0), quantiles));
    }

    /// <summary>The upper of two columns: the lower and the predicted difference. A row without the lower has no mean and no quantiles.</summary>
    private IEnumerable<Prediction> PredictHigh(DifferenceColumn following, Table table, IReadOnlyList<double> quantiles, CancellationToken cancellation)
    {
        if (table.Columns.FirstOrDefault(c => c.Name == following.Low) is not NumericColumn low)
        {
            throw new SynthesisException(
                SynthesisError.TableMismatch,
                $"Column '{following.High.Name}' is predicted from '{following.Low}': the table must have it.",
                following.Low);
        }

        return PredictLearned(table, following.Difference.Name, quantiles, cancellation).Select((difference, row) => low.IsMissing(row)
            ? new Prediction { Missing = difference.Missing }
            : new Prediction
            {
                // Differences are values, not what the column's are.
                Missing = difference.Missing, Mean = low.Values[row] + difference.Mean,
                Quantiles = [.. difference.Quantiles.Select(quantile => low.Values[row] + quantile)],
            });
    }

    /// <summary>The rows as the model learned them, apart by what is unknown of them.</summary>
    private IEnumerable<(int[] Rows, Table Part)> Read(Table table)
    {
        var count = table.RowCount;
        var unknown = new List<(string Column, bool[] Rows)>();
        foreach (var transform in plan.Transforms)
        {
            (table, var rows) = transform.Read(table, toFill: false);
            if (rows is not null) unknown.Add((transform.LearnedAs!, rows));
        }

        foreach (var group in Enumerable.Range(0, count).GroupBy(row => string.Concat(unknown.Select(u => u.Rows[row] ? 'u' : 'k'))))
        {
            int[] rows = [.. group];
            var part = unknown.Count == 0 ? table : table.Take(rows);
            var known = part.Columns.Where(column => !unknown.Exists(u => u.Column == column.Name && u.Rows[rows[0]])).ToList();

            yield return (rows, Of(part.Schema, known, rows.Length));
        }
    }

    /// <summary>A table of some columns. One without columns would have no rows: one that no model knows stands for them.</summary>
    private static Table Of(TableSchema schema, List<Column> columns, int rows)
    {
        if (columns.Count == 0) columns.Add(new NumericColumn(new ColumnSchema { Name = "", Kind = ColumnKind.Integer }, new double[rows]));
        return new Table(schema with { Columns = [.. columns.Select(column => column.Schema)] }, columns);
    }

    private void RequireKinds(Table table)
    {
        foreach (var schema in plan.Schema.Columns)
        {
            if (table.Columns.FirstOrDefault(c => c.Name == schema.Name) is { } column && column is NumericColumn != schema.IsNumeric)
                throw new SynthesisException(SynthesisError.TableMismatch, $"Column '{schema.Name}' is {column.Schema.Kind} here, but the model learned it as {schema.Kind}.", schema.Name);
        }
    }
}
