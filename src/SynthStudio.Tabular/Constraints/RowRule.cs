using System.Globalization;
using System.Text;

namespace SynthStudio.Tabular;

/// <summary>A constraint that each row keeps or breaks on its own: all but unique keys and combinations that are not listed.</summary>
public sealed class RowRule
{
    private readonly Func<Table, Func<int, bool>> over;

    private RowRule(Constraint constraint, Func<Table, Func<int, bool>> over) => (Constraint, this.over) = (constraint, over);

    public Constraint Constraint { get; }

    public string Name => Constraint.Name;

    /// <summary>Whether a row (0-based) of <paramref name="table"/> breaks the rule.</summary>
    public Func<int, bool> BrokenIn(Table table) => over(table);

    /// <summary>The rule of <paramref name="constraint"/> on rows of <paramref name="schema"/>; null when it is none of single rows.</summary>
    /// <exception cref="TableException">A column is unknown or of a kind that the rule cannot compare.</exception>
    public static RowRule? Of(Constraint constraint, TableSchema schema)
    {
        RefuseUnknown(constraint, schema);
        switch (constraint)
        {
            case RangeConstraint range:
                var (least, most) = (Bound(range, range.Least, schema) ?? double.NegativeInfinity, Bound(range, range.Most, schema) ?? double.PositiveInfinity);
                return least <= most
                    ? new(range, table => Outside(Numbers(table, range.Column), least, most))
                    : throw Wrong(range, "its least is more than its most");
            case InequalityConstraint inequality:
                return Condition(inequality, $"{Quoted(inequality.Low)} {(inequality.Strict ? "<" : "<=")} {Quoted(inequality.High)}", schema);
            case NotNullConstraint present:
                return new(present, table => AnyMissing([.. present.Columns.Select(name => table[name])]));
            case SumConstraint sum:
                RefuseTexts(sum, schema);
                return new(sum, table => SumBroken(sum, table));
            case FixedCombinationsConstraint { Allowed: { } allowed } combinations:
                var listed = allowed.Select(Joined).ToHashSet(StringComparer.Ordinal);
                return combinations.Combined.All(name => !schema.Columns.First(c => c.Name == name).IsNumeric)
                    ? new(combinations, table => Unlisted([.. combinations.Combined.Select(name => (CodedColumn)table[name])], listed))
                    : throw Wrong(combinations, "only combinations of categories can be listed");
            case ExpressionConstraint expression:
                return Condition(expression, expression.Expression, schema);
            default:
                return null;
        }
    }

    /// <summary>How far a sum may be off: as declared, or half a unit of the total's last place.</summary>
    public static double ToleranceOf(SumConstraint sum, TableSchema schema)
    {
        var total = schema.Columns.First(c => c.Name == sum.Total);
        return sum.Tolerance ?? (total.Kind == ColumnKind.Integer ? 0.5 : total.DecimalPlaces is { } places ? 0.5 * Math.Pow(10, -places) : 1e-9);
    }

    private static RowRule Condition(Constraint constraint, string text, TableSchema schema)
    {
        var expression = Expression.Parse(text);
        return expression.Check(schema) == ExpressionType.Truth
            ? new(constraint, table => expression.Over(table).IsFalse)
            : throw Wrong(constraint, "it is no condition");
    }

    private static Func<int, bool> Unlisted(CodedColumn[] columns, HashSet<string> listed)
    {
        if (columns is [var only])
        {
            var isListed = Array.ConvertAll(only.Values, listed.Contains);
            return row => !only.IsMissing(row) && !isListed[only.Codes[row]];
        }

        return row => !Array.Exists(columns, column => column.IsMissing(row)) && !listed.Contains(Joined(columns.Select(column => column.Text(row)!)));
    }

    private static string Joined(IEnumerable<string> texts) => string.Join('\u001F', texts);

    private static Func<int, bool> Outside(double[] values, double least, double most) => row => values[row] < least || values[row] > most;

    private static Func<int, bool> AnyMissing(Column[] columns) => row => Array.Exists(columns, column => column.IsMissing(row));

    private static Func<int, bool> SumBroken(SumConstraint sum, Table table)
    {
        var parts = sum.Parts.Select(name => Numbers(table, name)).ToArray();
        var total = Numbers(table, sum.Total);
        var tolerance = ToleranceOf(sum, table.Schema);
        return row =>
        {
            double added = 0, size = Math.Abs(total[row]);
            foreach (var part in parts)
            {
                added += part[row];
                size += Math.Abs(part[row]);
            }

            return Math.Abs(added - total[row]) > tolerance + (1e-12 * size);
        };
    }

    private static double? Bound(RangeConstraint range, string? text, TableSchema schema)
    {
        if (text is null)
        {
            return null;
        }

        var column = schema.Columns.First(c => c.Name == range.Column);
        switch (column.Kind)
        {
            case ColumnKind.Duration or ColumnKind.Ordinal:
                return CellText.TryReadNumber(column, text, out var value) ? value : throw Wrong(range, $"'{text}' is no value such as its column holds");
            case ColumnKind.Integer or ColumnKind.Decimal:
                return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong(range, $"'{text}' is no number");
            case ColumnKind.DateTime or ColumnKind.Date:
                return IsoMoments.TryRead(Encoding.UTF8.GetBytes(text), column, out var moment) ? moment : throw Wrong(range, $"'{text}' is no moment such as 2024-12-31");
            case ColumnKind.Time:
                return IsoMoments.TryRead(Encoding.UTF8.GetBytes(text), column, out var time) ? time : throw Wrong(range, $"'{text}' is no time such as 08:30");
            default:
                throw Wrong(range, $"column '{range.Column}' holds neither numbers nor moments");
        }
    }

    private static void RefuseUnknown(Constraint constraint, TableSchema schema)
    {
        foreach (var name in constraint.Columns)
        {
            if (schema.Columns.All(c => c.Name != name || c.Kind == ColumnKind.Ignored))
            {
                throw Wrong(constraint, $"the table has no column '{name}', or ignores it", name);
            }
        }
    }

    private static void RefuseTexts(SumConstraint sum, TableSchema schema)
    {
        foreach (var name in sum.Columns)
        {
            if (schema.Columns.First(c => c.Name == name).Kind is not (ColumnKind.Integer or ColumnKind.Decimal))
            {
                throw Wrong(sum, $"column '{name}' holds no numbers", name);
            }
        }
    }

    private static double[] Numbers(Table table, string name) => ((NumericColumn)table[name]).Values;

    private static string Quoted(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";

    private static TableException Wrong(Constraint constraint, string why, string? column = null) =>
        new(TableError.InvalidSchema, $"Constraint '{constraint.Name}': {why}.", column);
}
