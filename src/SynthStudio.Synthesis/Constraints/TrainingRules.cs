using System.Globalization;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>How the training table keeps its own rules.</summary>
internal static class TrainingRules
{
    /// <summary>Rows that keep all rules must be at least this share of the table: else the rules are wrong.</summary>
    private const double LeastShare = 0.5;

    /// <summary>The rows that keep every rule of single rows, and what the others broke.</summary>
    /// <exception cref="SynthesisException">Most rows break a rule.</exception>
    public static (Table Kept, ConstraintReport Report) LeaveOut(Table table)
    {
        var broken = table.Schema.Constraints.ToDictionary(constraint => constraint.Name, _ => 0L);
        var rules = table.Schema.Constraints.Select(c => RowRule.Of(c, table.Schema)).OfType<RowRule>().ToArray();
        var breaks = Array.ConvertAll(rules, rule => rule.BrokenIn(table));
        var kept = new List<int>();
        for (var row = 0; row < table.RowCount; row++)
        {
            var keeps = true;
            for (var rule = 0; rule < rules.Length; rule++)
            {
                if (!breaks[rule](row)) continue;
                broken[rules[rule].Name]++;
                keeps = false;
            }

            if (keeps) kept.Add(row);
        }

        foreach (var unique in table.Schema.Constraints.OfType<UniqueConstraint>()) broken[unique.Name] = Repeated(unique, table);
        if (kept.Count < LeastShare * table.RowCount)
        {
            var names = broken.Where(rule => rule.Value > 0).Select(rule => string.Create(CultureInfo.InvariantCulture, $"'{rule.Key}' by {rule.Value}"));
            throw new SynthesisException(
                SynthesisError.ConstraintsNotMet,
                $"{table.RowCount - kept.Count} of {table.RowCount} rows of the training table break its constraints: {string.Join(", ", names)}. Correct them.");
        }

        var report = new ConstraintReport
        {
            RowsLeftOut = table.RowCount - kept.Count,
            BrokenInTraining = broken,
        };
        return (kept.Count == table.RowCount ? table : table.Take(kept.ToArray()), report);
    }

    /// <summary>Rows whose key occurred before.</summary>
    private static long Repeated(UniqueConstraint unique, Table table)
    {
        var keys = new SeenKeys(unique);
        keys.Begin(table);
        return Enumerable.Range(0, table.RowCount).LongCount(row => !keys.TryAdd(row));
    }
}
