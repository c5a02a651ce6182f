using SynthStudio.Synthesis.Points;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>What the rows of a table have in common that no rule declares, and that lets them be written in another form.</summary>
/// <param name="Duplicates">Columns that repeat others.</param>
/// <param name="Points">Latitudes and longitudes.</param>
/// <param name="Following">Moments that closely follow others.</param>
internal sealed record FoundForms(
    IReadOnlyList<DuplicateColumn> Duplicates, IReadOnlyList<PointColumn> Points, IReadOnlyList<InequalityConstraint> Following)
{
    /// <summary>
    /// Those that hold in all rows of a table that was searched in a sample, which are read once and not held: a column that repeats another
    /// one in the sample only would come out as its copy.
    /// </summary>
    /// <exception cref="SynthesisException">Most rows break a rule.</exception>
    public FoundForms HoldingIn(IRowSource all, TableSchema schema, CancellationToken cancellation)
    {
        if (Duplicates.Count + Points.Count + Following.Count == 0 && !schema.Rules.Any()) return this;
        var rules = TrainingRules.WithoutKeys(schema);
        var twins = Duplicates.ToList();
        var points = Points.Select(found => new PointEvidence(found)).ToList();
        var pairs = Following.Select(found => new PairEvidence(found)).ToList();
        foreach (var chunk in all.Read(cancellation))
        {
            twins.RemoveAll(twin => !twin.HoldsIn(chunk));
            var kept = rules.LeaveOut(chunk);
            foreach (var found in points) found.Add(kept);
            foreach (var found in pairs) found.Add(kept);
        }

        rules.RequireMostKept();
        return new FoundForms(
            twins,
            [.. points.Where(found => found.Holds).Select(found => found.Points)],
            [.. pairs.Where(found => found.Holds).Select(found => found.Pair)]);
    }
}
