namespace SynthStudio.Orchestration;

/// <summary>Whether two orders ask for the same: dictionaries are compared by content, which records do not do.</summary>
internal static class SameWork
{
    public static bool Equal(WorkSpec one, WorkSpec other) => (one, other) switch
    {
        (TrainingSpec a, TrainingSpec b) => a == b with { Options = a.Options } && SameEntries(a.Options, b.Options),
        (GenerationSpec a, GenerationSpec b) => a == b with { Given = a.Given } && SameEntries(a.Given, b.Given),
        _ => one == other,
    };

    private static bool SameEntries<T>(IReadOnlyDictionary<string, T> one, IReadOnlyDictionary<string, T> other) =>
        one.Count == other.Count
        && one.All(e => other.TryGetValue(e.Key, out var value) && EqualityComparer<T>.Default.Equals(e.Value, value));
}
