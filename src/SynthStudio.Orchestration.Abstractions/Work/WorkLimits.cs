namespace SynthStudio.Orchestration;

/// <summary>How long a job may take; null for as long as it likes. A job beyond a limit fails, an attempt beyond its own is tried again.</summary>
/// <param name="Queue">In the queue, each time it waits there.</param>
/// <param name="Attempt">From the start of an attempt to its end.</param>
/// <param name="Total">From its creation to its end, pauses included.</param>
[GenerateSerializer, Immutable, Alias("synthstudio.WorkLimits")]
public sealed record WorkLimits(
    [property: Id(0)] TimeSpan? Queue = null, [property: Id(1)] TimeSpan? Attempt = null, [property: Id(2)] TimeSpan? Total = null)
{
    public static WorkLimits None { get; } = new();

    /// <summary>These limits, and those of <paramref name="other"/> where there are none.</summary>
    public WorkLimits Or(WorkLimits other) => new(Queue ?? other.Queue, Attempt ?? other.Attempt, Total ?? other.Total);
}
