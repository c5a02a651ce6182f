using System.Globalization;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>Leaves out the rows of training tables that break a rule of single rows, and counts what they broke.</summary>
internal sealed class TrainingRules
{
    /// <summary>Rows that keep all rules must be at least this share of the table: else the rules are wrong.</summary>
    private const double LeastShare = 0.5;

    private readonly RowRule[] rules;
    private readonly Dictionary<string, long> broken;
    private readonly List<(string Name, SeenKeys Keys)> keys;
    private long rows, leftOut;

    public TrainingRules(TableSchema schema)
    {
        broken = schema.Rules.ToDictionary(constraint => constraint.Name, _ => 0L);
        rules = schema.Rules.Select(c => RowRule.Of(c, schema)).OfType<RowRule>().ToArray();
        keys = schema.Constraints.OfType<UniqueConstraint>().Select(unique => (unique.Name, new SeenKeys(unique))).ToList();
    }

    /// <summary>
    /// For reading all rows of a large table before they are learned. A repeated key leaves no row out, so keys are not remembered: memory
    /// does not grow with the rows.
    /// </summary>
    public static TrainingRules WithoutKeys(TableSchema schema) =>
        new(schema with { Constraints = [.. schema.Constraints.Where(rule => rule is not UniqueConstraint)] });

    /// <summary>What the rows so far broke.</summary>
    public ConstraintReport Report => new() { RowsLeftOut = leftOut, BrokenInTraining = new Dictionary<string, long>(broken) };

    /// <summary>The rows that keep every rule of single rows.</summary>
    public Table LeaveOut(Table table)
    {
        var breaks = Array.ConvertAll(rules, rule => rule.BrokenIn(table));
        var kept = new List<int>();
        var adds = keys.ConvertAll(key => (key.Name, IsNew: key.Keys.AddFrom(table)));
        for (var row = 0; row < table.RowCount; row++)
        {
            var keeps = true;
            for (var rule = 0; rule < rules.Length; rule++)
            {
                if (!breaks[rule](row)) continue;
                broken[rules[rule].Name]++;
                keeps = false;
            }

            foreach (var (name, isNew) in adds) broken[name] += isNew(row) ? 0 : 1;
            if (keeps) kept.Add(row);
        }

        rows += table.RowCount;
        leftOut += table.RowCount - kept.Count;
        return kept.Count == table.RowCount ? table : table.Take(kept.ToArray());
    }

    /// <exception cref="SynthesisException">Most rows so far break a rule.</exception>
    public void RequireMostKept()
    {
        if (rows - leftOut >= LeastShare * rows) return;
        var names = broken.Where(rule => rule.Value > 0).Select(rule => string.Create(CultureInfo.InvariantCulture, $"'{rule.Key}' by {rule.Value}"));
        throw new SynthesisException(
            SynthesisError.ConstraintsNotMet,
            $"{leftOut} of {rows} rows of the training table break its constraints: {string.Join(", ", names)}. Correct them.");
    }
}
