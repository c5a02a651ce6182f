using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>In which order rules are built into the form of the rows: one that takes a column away comes after those that need it.</summary>
internal static class TransformOrder
{
    /// <summary>Fixed combinations first, those that share a column merged; then the rest, as far as possible.</summary>
    public static IEnumerable<Constraint> Of(IReadOnlyList<Constraint> constraints)
    {
        foreach (var merged in Merge(constraints.OfType<FixedCombinationsConstraint>())) yield return merged;
        var pending = constraints.Where(c => Computed(c) is not null).ToList();
        while (pending.Count > 0)
        {
            var next = pending.Find(c => pending.TrueForAll(other => ReferenceEquals(other, c) || !other.Columns.Contains(Computed(c)!))) ?? pending[0];
            pending.Remove(next);
            yield return next;
        }
    }

    /// <summary>The column that follows from the others once the rule is built in; null for rules that compute none.</summary>
    public static string? Computed(Constraint constraint) => constraint switch
    {
        InequalityConstraint inequality => inequality.High,
        SumConstraint sum => sum.Total,
        _ => null,
    };

    /// <summary>Combinations that share a column are combinations of all their columns.</summary>
    private static List<FixedCombinationsConstraint> Merge(IEnumerable<FixedCombinationsConstraint> constraints)
    {
        var merged = new List<FixedCombinationsConstraint>();
        foreach (var constraint in constraints)
        {
            var overlapping = merged.FindAll(other => other.Combined.Intersect(constraint.Combined).Any());
            merged.RemoveAll(overlapping.Contains);
            merged.Add(constraint with { Combined = [.. overlapping.SelectMany(other => other.Combined).Concat(constraint.Combined).Distinct()] });
        }

        return merged;
    }
}
