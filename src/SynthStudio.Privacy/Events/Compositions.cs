namespace SynthStudio.Privacy.Events;

/// <summary>One event, many times.</summary>
/// <param name="Event">What is repeated.</param>
/// <param name="Count">At least 0.</param>
public sealed record RepeatedEvent(PrivacyEvent Event, long Count) : PrivacyEvent
{
    public long Count { get; } = (long)PrivacyException.Demand(Count, Count >= 0, "count", "at least 0");

    public override string Kind => "repeated";
}

/// <summary>Several events on the same data, in any order, each allowed to depend on the outcomes of those before.</summary>
public sealed record ComposedEvent(IReadOnlyList<PrivacyEvent> Events) : PrivacyEvent
{
    public override string Kind => "composed";
}

/// <summary>Flattens compositions: every atomic event once, with how often it happened.</summary>
public static class PrivacyEvents
{
    /// <summary>Equal events are counted together, so that repeating n times and composing n copies are one and the same.</summary>
    public static IReadOnlyList<(PrivacyEvent Event, long Count)> Flatten(PrivacyEvent privacyEvent)
    {
        var counts = new Dictionary<PrivacyEvent, long>();
        var order = new List<PrivacyEvent>();
        Visit(privacyEvent, 1);
        return [.. order.Where(e => counts[e] > 0).Select(e => (e, counts[e]))];

        void Visit(PrivacyEvent e, long times)
        {
            switch (e)
            {
                case RepeatedEvent repeated:
                    Visit(repeated.Event, checked(times * repeated.Count));
                    break;
                case ComposedEvent composed:
                    foreach (var part in composed.Events) Visit(part, times);
                    break;
                default:
                    if (!counts.TryAdd(e, times)) counts[e] = checked(counts[e] + times);
                    else order.Add(e);
                    break;
            }
        }
    }
}
