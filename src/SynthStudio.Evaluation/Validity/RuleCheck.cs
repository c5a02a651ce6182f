using System.Globalization;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Validity;

/// <summary>Holds every table against the rules that the training table's schema declares.</summary>
internal static class RuleCheck
{
    /// <param name="train">Its schema has the rules; combinations that are not listed are those it has.</param>
    /// <param name="synthetic">The table to examine.</param>
    /// <param name="holdout">Other real rows; null without.</param>
    /// <exception cref="TableException">A rule speaks of a column that is unknown or of the wrong kind.</exception>
    public static IReadOnlyList<RuleValidity> Examine(Table train, Table synthetic, Table? holdout) => [.. train.Schema.Rules.Select(rule =>
    {
        var brokenIn = BrokenIn(rule, train);
        return new RuleValidity(rule.Name, rule.Columns, Share(train), Share(synthetic), holdout is null ? null : Share(holdout));

        double Share(Table table)
        {
            var isBroken = brokenIn(table);
            return (double)Enumerable.Range(0, table.RowCount).Count(isBroken) / table.RowCount;
        }
    })];

    private static Func<Table, Func<int, bool>> BrokenIn(Constraint rule, Table train)
    {
        if (RowRule.Of(rule, train.Schema) is { } ofRows)
        {
            return ofRows.BrokenIn;
        }

        if (rule is UniqueConstraint)
        {
            return table =>
            {
                var (keys, seen) = (Keys(rule, table), new HashSet<string>());
                return row => keys(row) is { } key && !seen.Add(key);
            };
        }

        var known = Enumerable.Range(0, train.RowCount).Select(Keys(rule, train)).OfType<string>().ToHashSet();
        return table =>
        {
            var keys = Keys(rule, table);
            return row => keys(row) is { } key && !known.Contains(key);
        };
    }

    /// <summary>A row's values in the rule's columns as one text; null where one is missing.</summary>
    private static Func<int, string?> Keys(Constraint rule, Table table)
    {
        Column[] columns = [.. rule.Columns.Select(name => table[name])];
        return row => Array.Exists(columns, column => column.IsMissing(row)) ? null
            : string.Join('\u001F', columns.Select(column => column is NumericColumn numbers
                ? numbers.Values[row].ToString("R", CultureInfo.InvariantCulture)
                : ((CodedColumn)column).Text(row)));
    }
}
