namespace SynthStudio.Cli.Running;

/// <summary>How the rules of the schema fared in a run. Every written row keeps them.</summary>
/// <param name="RowsLeftOut">Training rows that broke a rule and were not learned.</param>
/// <param name="BrokenInTraining">Training rows that break it, by rule.</param>
/// <param name="RowsDrawn">Rows drawn to get those asked for.</param>
/// <param name="Rejected">Drawn rows that were thrown away, by the first rule they broke.</param>
internal sealed record RunConstraints(
    long RowsLeftOut, IReadOnlyDictionary<string, long> BrokenInTraining, long RowsDrawn, IReadOnlyDictionary<string, long> Rejected)
{
    private const string Prefix = "constraints.";

    /// <summary>From the metrics of a training and of a generation; null when they tell of no rule.</summary>
    public static RunConstraints? From(IEnumerable<KeyValuePair<string, double>> training, IEnumerable<KeyValuePair<string, double>> generation)
    {
        var all = training.Concat(generation).Where(m => m.Key.StartsWith(Prefix, StringComparison.Ordinal))
            .GroupBy(m => m.Key[Prefix.Length..]).ToDictionary(g => g.Key, g => (long)g.Last().Value);
        return all.TryGetValue("rows_left_out", out var leftOut)
            ? new RunConstraints(leftOut, Below("broken_in_training."), all.GetValueOrDefault("rows_drawn"), Below("rejected."))
            : null;

        Dictionary<string, long> Below(string prefix) =>
            all.Where(m => m.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(m => m.Key[prefix.Length..], m => m.Value);
    }
}
