namespace SynthStudio.Privacy.Events;

/// <summary>
/// Something that touched private data and what it may have revealed, under add-or-remove-one-record adjacency.
/// Noise multipliers are the noise's scale over the query's sensitivity (L2 for Gaussian, L1 for Laplace).
/// </summary>
public abstract record PrivacyEvent
{
    private protected PrivacyEvent()
    {
    }

    /// <summary>The name used in JSON and in messages, in snake_case.</summary>
    public abstract string Kind { get; }

    /// <summary>This event, <paramref name="count"/> times, each run allowed to depend on the outcomes of those before.</summary>
    /// <exception cref="PrivacyException">The count is negative.</exception>
    public RepeatedEvent Times(long count) => new(this, count);
}
