namespace SynthStudio.Orchestration;

/// <summary>The newest events of a job, in memory.</summary>
internal sealed class EventRing
{
    private const int Capacity = 1024;

    private readonly ProgressEvent[] events = new ProgressEvent[Capacity];
    private long first;
    private long last;

    public void Add(IReadOnlyList<ProgressEvent> news)
    {
        foreach (var one in news)
        {
            if (first == 0 || one.Sequence != last + 1) first = one.Sequence;
            last = one.Sequence;
            events[last % Capacity] = one;
            first = Math.Max(first, last - Capacity + 1);
        }
    }

    /// <summary>Events after <paramref name="after"/>, at most <paramref name="limit"/>; null when older ones than are kept here are asked for.</summary>
    public IReadOnlyList<ProgressEvent>? Read(long after, int limit)
    {
        if (first == 0 || after + 1 < first) return null;
        if (after >= last) return [];

        var count = (int)Math.Min(last - after, limit);
        var found = new ProgressEvent[count];
        for (var i = 0; i < count; i++) found[i] = events[(after + 1 + i) % Capacity];
        return found;
    }
}
