using System.Collections.Concurrent;

namespace SynthStudio.Api.Mapping;

/// <summary>
/// Generators as they were mapped to the wire last. A grain answers with the very same snapshot until something happens, so that within
/// one process an unchanged generator is mapped once, however often it is asked for.
/// </summary>
internal sealed class MappedGenerators
{
    private const int Capacity = 1_000;

    private readonly ConcurrentDictionary<string, Entry> _entries = new();

    /// <summary>The generator on the wire; shared, to be sent only.</summary>
    public V1.Generator Map(GeneratorSnapshot snapshot)
    {
        if (_entries.TryGetValue(snapshot.Name, out var known) && ReferenceEquals(known.Snapshot, snapshot)) return known.Message;
        if (_entries.Count >= Capacity) _entries.Clear();
        var message = snapshot.ToProto();
        _entries[snapshot.Name] = new Entry(snapshot, message);
        return message;
    }

    private sealed record Entry(GeneratorSnapshot Snapshot, V1.Generator Message);
}
