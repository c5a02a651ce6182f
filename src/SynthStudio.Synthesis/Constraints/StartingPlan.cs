using System.Text.Json;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>
/// Learning on from an earlier model: its rows are written in the form that it learned, boxes of points and known combinations included, since
/// its weights mean that form. A plan made anew for the next rows would give the same columns another meaning.
/// </summary>
internal static class StartingPlan
{
    /// <summary>The plan of the model to start from, with the rules of the table, and the rows to learn by it; no plan when there is nothing to do.</summary>
    /// <param name="start">The model to start from.</param>
    /// <param name="table">The next rows, or a sample of more than can be held.</param>
    /// <param name="all">All of them in that case; null when the table is all there is.</param>
    /// <param name="cancellation">Stops the reading of all rows.</param>
    /// <exception cref="SynthesisException">The table has other columns, or breaks what is built into the form of the model's rows.</exception>
    public static (ConstraintPlan? Plan, Table Learned) For(ModelPackage start, Table table, IRowSource? all, CancellationToken cancellation)
    {
        var before = start.Manifest.Schema;
        RequireSameColumns(before, table.Schema);
        RequireSameForm(before.Constraints, table.Schema.Constraints);
        var earlier = ConstrainedModel.PlanOf(start);
        if (earlier is null && !table.Schema.Rules.Any()) return (null, table);
        var rules = new TrainingRules(table.Schema);
        var kept = rules.LeaveOut(table);
        rules.RequireMostKept();
        var twins = (earlier?.Transforms ?? []).OfType<DuplicateColumn>().ToList();
        RequireTwins(twins, kept);
        if (all is not null) RequireInAllRows(twins, all, table.Schema, cancellation);
        var plan = (earlier ?? ConstraintPlan.Checking(before)) with
        {
            Schema = ConstraintPlan.SchemaOf(
                before with { Constraints = table.Schema.Constraints, ColumnRules = table.Schema.ColumnRules }),
            Report = rules.Report,
        };
        return (plan, plan.Forward(kept));
    }

    private static void RequireTwins(List<DuplicateColumn> twins, Table table)
    {
        if (twins.Find(twin => !twin.HoldsIn(table)) is { } other)
        {
            throw Mismatch(
                $"Column '{other.Schema.Name}' says in every row what '{other.Source}' says, for the model to start from, but not in this table",
                other.Schema.Name);
        }
    }

    private static void RequireInAllRows(List<DuplicateColumn> twins, IRowSource all, TableSchema schema, CancellationToken cancellation)
    {
        if (twins.Count == 0 && !schema.Rules.Any()) return;
        var rules = TrainingRules.WithoutKeys(schema);
        foreach (var chunk in all.Read(cancellation)) RequireTwins(twins, rules.LeaveOut(chunk));
        rules.RequireMostKept();
    }

    private static void RequireSameColumns(TableSchema before, TableSchema now)
    {
        var columns = now.Columns.Where(column => column.Kind != ColumnKind.Ignored).ToDictionary(column => column.Name, StringComparer.Ordinal);
        foreach (var column in before.Columns)
        {
            if (!columns.Remove(column.Name, out var found))
                throw Mismatch($"The model to start from has a column '{column.Name}'; the table has none", column.Name);
            if (found.Kind != column.Kind)
                throw Mismatch($"Column '{column.Name}' is {column.Kind} for the model to start from, but {found.Kind} in this table", column.Name);
            if (!Equals(found.Order, column.Order))
                throw Mismatch($"The categories of column '{column.Name}' have another order than for the model to start from", column.Name);
        }

        if (columns.Keys.FirstOrDefault() is { } added) throw Mismatch($"The table has a column '{added}'; the model to start from has none", added);
    }

    /// <summary>
    /// Rules that the model's rows cannot break must still be declared: rows that break them could not be learned. Further ones of that sort could not
    /// be built in: the model's weights mean rows of the form that it has.
    /// </summary>
    private static void RequireSameForm(IReadOnlyList<Constraint> before, IReadOnlyList<Constraint> now)
    {
        var declared = now.Select(Form).ToHashSet(StringComparer.Ordinal);
        if (before.FirstOrDefault(rule => Form(rule) is { Length: > 0 } form && !declared.Contains(form)) is { } dropped)
            throw Mismatch($"The model to start from keeps the rule '{dropped.Name}' by the form of its rows, which the table does not declare", dropped.Columns[0]);
        var builtIn = before.Select(Form).ToHashSet(StringComparer.Ordinal);
        if (now.FirstOrDefault(rule => Form(rule) is { Length: > 0 } form && !builtIn.Contains(form)) is { } added)
            throw Mismatch($"The rule '{added.Name}' is kept by the form of a model's rows, and the model to start from was trained without it", added.Columns[0]);
    }

    /// <summary>What is built in of a rule, whatever its name; empty for rules that drawn rows are checked for.</summary>
    private static string Form(Constraint rule) => rule switch
    {
        FixedCombinationsConstraint combinations => JsonSerializer.Serialize(combinations with { Name = "", Allowed = null }),
        InequalityConstraint inequality => JsonSerializer.Serialize(inequality with { Name = "" }),
        SumConstraint sum => JsonSerializer.Serialize(sum with { Name = "" }),
        _ => "",
    };

    private static SynthesisException Mismatch(string what, string column) =>
        new(SynthesisError.TableMismatch, $"{what}. Train without an earlier model.", column);
}
