using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Reporting;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation;

/// <summary>What the metrics of one evaluation share: the tables, the options, and the list of what could not be measured.</summary>
internal sealed class EvaluationContext
{
    private readonly List<NotMeasured> notMeasured = [];

    public EvaluationContext(EncodedTables tables, EvaluationOptions options, CancellationToken cancellation)
    {
        Tables = tables;
        Options = options;
        Pairs = ColumnPairs.Sample(tables.Columns.Count, options.MaxPairs, options.Seed);
        Parallelism = new ParallelOptions
        {
            CancellationToken = cancellation,
            MaxDegreeOfParallelism = options.MaxParallelism > 0 ? options.MaxParallelism : Environment.ProcessorCount,
        };
    }

    public EncodedTables Tables { get; }

    public EncodedTable Train => Tables.Train;

    /// <summary>The holdout in the place of the synthetic table, as a table of the same size would be; null when it is not scored.</summary>
    public EncodedTable? Ceiling { get; init; }

    public IReadOnlyList<ColumnEncoding> Columns => Tables.Columns;

    /// <summary>The pairs of columns that are looked at, x before y.</summary>
    public IReadOnlyList<(int X, int Y)> Pairs { get; }

    public EvaluationOptions Options { get; }

    /// <summary>How parallel loops run; carries the cancellation.</summary>
    public ParallelOptions Parallelism { get; }

    public CancellationToken Cancellation => Parallelism.CancellationToken;

    public IReadOnlyList<NotMeasured> Unmeasured => notMeasured;

    public int Seed => Options.Seed;

    /// <summary>Records that a metric has no value and why.</summary>
    public void Skip(string metric, string reason) => notMeasured.Add(new NotMeasured(metric, reason));

    /// <summary>Records that metrics have no value, for one reason.</summary>
    public void SkipAll(IEnumerable<string> metrics, string reason)
    {
        foreach (var metric in metrics)
        {
            Skip(metric, reason);
        }
    }
}
