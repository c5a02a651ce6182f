namespace SynthStudio.Orchestration;

/// <summary>What an owner stores in one write: its record, and what is still to be done because of it.</summary>
[GenerateSerializer, Alias("synthstudio.OwnerState`1")]
public sealed class OwnerState<TRecord>
    where TRecord : class
{
    [Id(0)] public TRecord? Record { get; set; }

    /// <summary>Numbered events that may not be in the progress log yet, in order.</summary>
    [Id(1)] public IReadOnlyList<PendingEvent> Events { get; set; } = [];

    /// <summary>Effects that may not have happened yet, in order.</summary>
    [Id(2)] public IReadOnlyList<PendingEffect> Effects { get; set; } = [];

    public bool HasPending => Events.Count > 0 || Effects.Count > 0;
}

/// <summary>An event that may not be in the log of <paramref name="Job"/> yet.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.PendingEvent")]
public sealed record PendingEvent([property: Id(0)] string Job, [property: Id(1)] ProgressEvent Event);

/// <summary>An effect of <paramref name="Job"/> that may not have happened yet.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.PendingEffect")]
public sealed record PendingEffect([property: Id(0)] string Job, [property: Id(1)] WorkEffect Effect);
