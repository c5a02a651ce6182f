namespace SynthStudio.Catalog.Audit;

/// <summary>Something that was done, or refused. Names and codes only: no values of data, no bodies of requests.</summary>
public sealed record AuditEvent
{
    /// <summary>Who, <c>users/{user}</c>; <c>system</c> for the service itself.</summary>
    public required string Actor { get; init; }

    /// <summary>Id of the API key that the call, or its token, was made with; empty for none.</summary>
    public string Credential { get; init; } = "";

    /// <summary>What, for example <c>GeneratorService/TrainGenerator</c>.</summary>
    public required string Method { get; init; }

    /// <summary>The resource that it was done to, or that it made; empty for none.</summary>
    public string Resource { get; init; } = "";

    /// <summary>
    /// <see cref="Outcome"/> of a call that was let in and changes something: how it ended is said by a later entry, whose
    /// <see cref="Begun"/> names this one.
    /// </summary>
    public const string BegunOutcome = "BEGUN";

    /// <summary><see cref="Outcome"/> of what is listed for a line that somebody made unreadable: nothing else is known of it.</summary>
    public const string UnreadableOutcome = "UNREADABLE";

    /// <summary>A gRPC status, <c>OK</c> or for example <c>PERMISSION_DENIED</c>; or <see cref="BegunOutcome"/>.</summary>
    public required string Outcome { get; init; }

    /// <summary>The error's reason; empty when there was none.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Network address of the caller; empty for the service itself.</summary>
    public string Address { get; init; } = "";

    /// <summary>Id of the trace that the call was part of; empty for none.</summary>
    public string TraceId { get; init; } = "";

    /// <summary>The caller's name for the request; empty for none.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>The role or scope that was given, for example <c>role=editor</c>; empty where there was none.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Number of the entry, earlier in the same chain, by which the call began whose end this is; null where there is none.</summary>
    public long? Begun { get; init; }

    /// <summary>What was accepted, where the event is that an older copy of the database was put back; null for all others.</summary>
    public AuditRestore? Restore { get; init; }
}

/// <summary>An event in its place in a chain.</summary>
/// <param name="Sequence">1, 2, 3, …</param>
/// <param name="Time">When it was written; never before the entry ahead of it.</param>
/// <param name="Event">What happened.</param>
public sealed record AuditEntry(long Sequence, DateTimeOffset Time, AuditEvent Event)
{
    /// <summary>What the clock said, where that was well before the entry ahead: it was set back since, or went wrong then. Null for all others.</summary>
    public DateTimeOffset? Clock { get; init; }
}
