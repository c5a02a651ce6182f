namespace SynthStudio.Synthesis.Constraints;

/// <summary>How a schema's rules fared: in the training table, and in what was drawn last. Counts and names of rules, no values.</summary>
public sealed record ConstraintReport
{
    /// <summary>Beginning of the names that this report has among metrics.</summary>
    public const string MetricPrefix = "constraints.";

    /// <summary>Training rows that broke a rule and were not learned.</summary>
    public long RowsLeftOut { get; init; }

    /// <summary>Training rows that break it, by rule, for all declared rules.</summary>
    public required IReadOnlyDictionary<string, long> BrokenInTraining { get; init; }

    /// <summary>Rows drawn for the newest sample.</summary>
    public long Drawn { get; init; }

    /// <summary>Drawn rows that were thrown away, by the first rule they broke.</summary>
    public IReadOnlyDictionary<string, long> Rejected { get; init; } = new Dictionary<string, long>();

    /// <summary>What is known since training, as metrics.</summary>
    public IEnumerable<KeyValuePair<string, double>> TrainingMetrics() =>
        BrokenInTraining.Select(rule => KeyValuePair.Create($"{MetricPrefix}broken_in_training.{rule.Key}", (double)rule.Value))
            .Prepend(KeyValuePair.Create($"{MetricPrefix}rows_left_out", (double)RowsLeftOut));

    /// <summary>What is known of the newest sample, as metrics.</summary>
    public IEnumerable<KeyValuePair<string, double>> SampleMetrics() =>
        Rejected.Select(rule => KeyValuePair.Create($"{MetricPrefix}rejected.{rule.Key}", (double)rule.Value))
            .Prepend(KeyValuePair.Create($"{MetricPrefix}rows_drawn", (double)Drawn));
}
