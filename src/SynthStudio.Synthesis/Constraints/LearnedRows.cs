using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>All rows of a large table as they are to be learned, by a plan that was made for a sample of them.</summary>
internal sealed class LearnedRows(IRowSource source, TableSchema schema, ConstraintPlan plan) : IRowSource
{
    public long RowCount => source.RowCount;

    /// <summary>How the rows that were read last kept the rules.</summary>
    public ConstraintReport Report { get; private set; } = plan.Report;

    public IEnumerable<Table> Read(CancellationToken cancellation)
    {
        var rules = new TrainingRules(schema);
        foreach (var chunk in source.Read(cancellation))
        {
            var kept = rules.LeaveOut(chunk);
            Report = rules.Report;
            if (kept.RowCount > 0) yield return plan.Forward(kept);
        }
    }
}
